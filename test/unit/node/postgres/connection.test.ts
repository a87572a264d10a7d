import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Connection } from '#node/postgres/connection.ts';
import { server, targetOf } from './support.ts';

describe.skipIf(server === null)('a connection', () => {
  test('keeps no answer once it is given', async () => {
    setFlagsFromString('--expose_gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const connection = await Connection.open(targetOf(server?.port ?? 0, 'public'));
    const ask = async (): Promise<WeakRef<object>> => {
      const [answered] = await connection.run([{ text: 'SELECT g FROM generate_series(1, 100) g', values: [], raw: true }]);
      expect(answered?.rows).toHaveLength(100);
      return new WeakRef(answered?.rows ?? []);
    };
    const given: WeakRef<object>[] = [];
    for (let i = 0; i < 5; i++) given.push(await ask());
    await ask();
    await new Promise((resolve) => setTimeout(resolve, 20));
    collectGarbage();
    // The driver may hold its newest.
    expect(given.slice(0, 4).map((one) => one.deref())).toEqual([undefined, undefined, undefined, undefined]);
    await connection.close();
  });
});
