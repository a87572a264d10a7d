import { stringify } from 'devalue';
import { WIRE_TYPE } from '#bridge/wire.ts';
import { expect, test } from './terminal.ts';

const ROUNDS = 200;

test('a chart that comes and goes two hundred times leaves nothing behind', async ({ terminal }) => {
  test.setTimeout(240_000);
  const { page } = terminal;
  await terminal.start({ demoSpeed: 1 });
  await terminal.row('binance:BTCUSDT').click();
  await terminal.drawn();
  const devtools = await page.context().newCDPSession(page);

  /** With nothing selected the chart is unmounted; selected again, it is a new one. */
  const comeAndGo = (rounds: number): Promise<void> =>
    page.evaluate(
      async ({ rounds: times, type, none, one }) => {
        const until = (isSo: () => boolean): Promise<void> =>
          new Promise((done) => {
            const look = (): void => {
              if (isSo()) done();
              else requestAnimationFrame(look);
            };
            look();
          });
        const say = (body: string): Promise<Response> => fetch('/bridge/call', { method: 'POST', headers: { 'content-type': type }, body });
        for (let n = 0; n < times; n += 1) {
          const shown = document.querySelector('.canvas canvas');
          await say(none);
          // The app selects a row by itself where none is: it may have been quicker.
          await until(() => shown?.isConnected === false);
          await say(one);
          await until(() => document.querySelector('.canvas canvas') !== null);
        }
      },
      {
        rounds,
        type: WIRE_TYPE,
        none: stringify({ name: 'settings.change', input: { selected: null } }),
        one: stringify({ name: 'settings.change', input: { selected: 'binance:BTCUSDT' } }),
      },
    );
  const measure = async (): Promise<{ nodes: number; listeners: number; heap: number }> => {
    await terminal.drawn();
    for (let n = 0; n < 3; n += 1) await devtools.send('HeapProfiler.collectGarbage');
    const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    return { nodes, listeners: jsEventListeners, heap: usedSize };
  };

  await comeAndGo(20);
  const before = await measure();
  await comeAndGo(ROUNDS);
  const after = await measure();
  // A chart that is not disposed of keeps about 10 nodes, 32 listeners and 139 KB. The heap itself breathes by a megabyte or two.
  expect(after.nodes - before.nodes).toBeLessThan(ROUNDS);
  expect(after.listeners - before.listeners).toBeLessThan(ROUNDS);
  expect((after.heap - before.heap) / ROUNDS).toBeLessThan(16 * 1024);
});
