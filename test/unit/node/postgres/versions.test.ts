import './on-postgres.ts';
import '../history/versions.test.ts';
