import './on-postgres.ts';
import '../history/as-of.test.ts';
