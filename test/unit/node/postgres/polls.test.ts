import './on-postgres.ts';
import '../history/polls.test.ts';
