import './on-postgres.ts';
import '../history/books.test.ts';
