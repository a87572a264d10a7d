import './on-postgres.ts';
import '../history/thinned.test.ts';
