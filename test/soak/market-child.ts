import { keepHeapsSmall } from '#node/heap.ts';
import { createClock } from '#node/clock.ts';
import { DEMO_SEED } from '#node/open-app.ts';

/** The demo's market and nothing else: it begins when a line is said to it, and answers with where its venues are. */
const [, , speed = ''] = process.argv;
keepHeapsSmall();
// Loaded before: the market's own thread is what it adds.
const { startMarketBeside } = await import('#node/demo/start-market.ts');
process.stdin.once('data', () => {
  const clock = createClock({ speed: Number(speed), startAt: Date.now() });
  void startMarketBeside({ clock, seed: DEMO_SEED, log: { write: () => undefined } }).then(({ urls }) => {
    process.stdout.write(`${JSON.stringify(urls)}\n`);
  });
});
process.stdout.write('ready\n');
