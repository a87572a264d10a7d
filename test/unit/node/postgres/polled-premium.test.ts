import './on-postgres.ts';
import '../history/polled-premium.test.ts';
