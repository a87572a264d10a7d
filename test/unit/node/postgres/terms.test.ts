import './on-postgres.ts';
import '../history/terms.test.ts';
