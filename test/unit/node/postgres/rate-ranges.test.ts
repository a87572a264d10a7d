import './on-postgres.ts';
import '../history/rate-ranges.test.ts';
