import { expect, test } from './terminal.ts';

const ROUNDS = 200;

test('a chart that comes and goes two hundred times leaves nothing behind', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start({ demoSpeed: 1 });
  await terminal.row('binance:BTCUSDT').click();
  await terminal.drawn();
  const devtools = await page.context().newCDPSession(page);

  /** Where there is no room for both, the calculators stand in the chart's place: it is unmounted, and a new one comes when they close. */
  const comeAndGo = (rounds: number): Promise<void> =>
    page.evaluate(async (times) => {
      const until = (isSo: () => boolean): Promise<void> =>
        new Promise((done) => {
          const look = (): void => {
            if (isSo()) done();
            else requestAnimationFrame(look);
          };
          look();
        });
      const chart = (): Element | null => document.querySelector('[aria-label="Chart"] .canvas canvas');
      const press = (): boolean => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 's', bubbles: true, cancelable: true }));
      for (let n = 0; n < times; n += 1) {
        press();
        await until(() => chart() === null);
        press();
        await until(() => chart() !== null);
      }
    }, rounds);
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
