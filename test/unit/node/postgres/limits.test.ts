import './on-postgres.ts';
import '../history/limits.test.ts';
