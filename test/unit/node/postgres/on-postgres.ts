import { testOn } from '../history/support.ts';
import { openOn, server, targetOf } from './support.ts';

/*
 * Imported before a file of tests of the history: the same tests run on PostgreSQL. What a test opens as another file is another
 * schema; the same file again is the same schema.
 */
const schemas = new Map<string, string>();

if (server !== null) {
  const { port } = server;
  testOn((file, now) => {
    const schema = schemas.get(file) ?? `history${schemas.size}`;
    schemas.set(file, schema);
    return openOn(targetOf(port, schema), now);
  });
}
