import './on-postgres.ts';
import '../history/settled.test.ts';
