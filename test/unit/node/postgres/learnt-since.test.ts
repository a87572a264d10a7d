import './on-postgres.ts';
import '../history/learnt-since.test.ts';
