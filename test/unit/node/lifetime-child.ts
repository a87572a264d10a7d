import { createLifetime } from '#node/lifetime.ts';

/** Runs until it is told to end; 'hangs' makes a part of the end never finish. */
const lifetime = createLifetime(200);
lifetime.onEnd(() => void process.stdout.write('last\n'));
lifetime.onEnd(() => (process.argv[2] === 'hangs' ? new Promise<void>(() => undefined) : undefined));
setInterval(() => undefined, 2 ** 30);
process.stdout.write('running\n');
