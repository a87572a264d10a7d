import { createLifetime } from '#node/lifetime.ts';
import { hostile } from '#test/support/hostile-venue.ts';

/** A process whose reader is in a loop without end. */
const lifetime = createLifetime();
const venue = hostile();
lifetime.onEnd(() => venue.close());
const io = {
  now: 0,
  request: () => {
    setTimeout(() => process.stdout.write('in the loop\n'), 100);
    return Promise.resolve('loop');
  },
};
venue.poll(io).catch((error: unknown) => process.stdout.write(`${String(error)}\n`));
