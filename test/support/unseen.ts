import type { SeenSettledColumns, SettledColumns } from '#domain/columns.ts';

type Read<I extends readonly unknown[], T> = (...input: I) => Promise<T>;

/** The read of settlements before which no poll was kept, with what was seen before them: nothing. */
export const unseen =
  <I extends readonly unknown[]>(settled: Read<I, SettledColumns>): Read<I, SeenSettledColumns> =>
  async (...input) => {
    const columns = await settled(...input);
    const none = new Float64Array(columns.key.length).fill(NaN);
    return { ...columns, seen60: none, seen15: none, seen5: none, seenLast: none, seenLastAt: none };
  };
