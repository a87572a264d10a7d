import type { Clock, Log } from '#core/ports.ts';
import { Contracts, type DemoVenue } from './contracts.ts';
import { Process } from './process.ts';
import { startDemoServer } from './server.ts';
import { Story, type OutagePhase } from './story.ts';
import type { Wires } from './wire.ts';
import { createBinanceWire } from '../venues/binance/demo/wire.ts';
import { createBybitWire } from '../venues/bybit/demo/wire.ts';
import { createHyperliquidWire } from '../venues/hyperliquid/demo/wire.ts';

/** No outage begins in the first real minutes, so that a first start has its history before it sees one. */
const CALM_MINUTES = 3;

export interface DemoMarket {
  readonly urls: Readonly<Record<DemoVenue, string>>;
  close(): Promise<void>;
}

/** The wire formats of the demo venues over one market: a pure function of the seed and the time asked about. */
export function createWires(seed: number): { wires: Wires; story: Story } {
  const story = new Story(seed);
  const model = { contracts: new Contracts(seed, story), process: new Process(seed, story) };
  const wires = { binance: createBinanceWire(model), bybit: createBybitWire(model), hyperliquid: createHyperliquidWire(model) };
  return { wires, story };
}

/** Starts the embedded demo market on loopback, one server a venue; its time is the clock's. */
export async function startDemoMarket({ clock, seed, log }: { clock: Clock; seed: number; log: Log }): Promise<DemoMarket> {
  const { wires, story } = createWires(seed);
  const calmUntil = clock.now() + CALM_MINUTES * 60_000 * clock.speed;
  const bybitOutage = (now: number): OutagePhase | null => {
    const outage = story.outage(now);
    return outage && outage.from >= calmUntil ? outage.phase : null;
  };
  const start = (name: DemoVenue, outage: (now: number) => OutagePhase | null = () => null) =>
    startDemoServer({ name, wire: wires[name], clock, log, outage });
  const [binance, bybit, hyperliquid] = await Promise.all([start('binance'), start('bybit', bybitOutage), start('hyperliquid')]);
  log.write('info', 'demo', 'demo market started', { seed, speed: clock.speed });
  return {
    urls: { binance: binance.url, bybit: bybit.url, hyperliquid: hyperliquid.url },
    close: async () => {
      await Promise.all([binance.close(), bybit.close(), hyperliquid.close()]);
    },
  };
}
