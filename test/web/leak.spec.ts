import { expect, test } from './terminal.ts';

const ROUNDS = 200;

test('a chart that comes and goes two hundred times leaves nothing behind', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.pick('binance:BTCUSDT');
  await terminal.drawn();
  const devtools = await page.context().newCDPSession(page);

  /** The chart is closed by the key on its tab, and a new one comes where Enter in the list asks for it. */
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
      const press = (where: string, key: string): void => {
        const target = document.querySelector(where);
        if (target === null) throw new Error(`There is no ${where}.`);
        target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      };
      for (let n = 0; n < times; n += 1) {
        press('[data-tab-panel-id="chart"]', 'Delete');
        await until(() => chart() === null);
        press('[role="grid"]', 'Enter');
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
