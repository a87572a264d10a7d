import { expect, test } from 'vitest';
import { readEvents } from '#renderer/transports/read-events.ts';
import { gate } from '#test/support/gate.ts';

test('a stream is read on only once what came before is taken in: what a slow page is told waits with the host, which has a bound', async () => {
  const text = new TextEncoder();
  let asked = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        asked += 1;
        if (asked > 100) controller.close();
        else controller.enqueue(text.encode(`event: rows\ndata: ${asked}\n\n`));
      },
    },
    { highWaterMark: 0 },
  );
  const told: string[] = [];
  const taken = gate();
  const reading = readEvents(
    body,
    async (_name, data) => {
      told.push(data);
      await taken.opened;
    },
    () => undefined,
  );
  await expect.poll(() => told).toEqual(['1']);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(told).toEqual(['1']);
  // What the streams between keep, of however many there are.
  expect(asked).toBeLessThan(10);
  taken.open();
  await reading;
  expect(told).toHaveLength(100);
});
