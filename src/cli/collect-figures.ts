import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Collector } from '#node/open-collector.ts';
import type { Shared } from '#node/postgres/shared.ts';
import { EXPOSITION_TYPE, exposition, type Figure } from './exposition.ts';
import { UsageError } from './usage.ts';

/** Where figures of a running collector are read: this machine's loopback alone. */
export interface FiguresAt {
  readonly host: string;
  readonly port: number;
}

export interface FigureServer {
  readonly port: number;
  /** Figures are of this collector from now on; null: none records. */
  of(collector: Collector | null, shared: Shared | null): void;
  close(): Promise<void>;
}

/** `--metrics 127.0.0.1:9464`. Throws UsageError for a place that others can reach. */
export function figuresAt(text: string): FiguresAt {
  const [, host = '', digits = ''] = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/u.exec(text) ?? [];
  const port = Number(digits);
  if (host === '' || port < 1 || port > 65_535)
    throw new UsageError(`--metrics is a port of this machine's loopback, such as 127.0.0.1:9464, not "${text}".`);
  return { host: host.replaceAll(/[[\]]/gu, ''), port };
}

/** Serves `GET /metrics` in the Prometheus text format. Throws UsageError where the port cannot be had. */
export async function serveFigures({ host, port }: FiguresAt): Promise<FigureServer> {
  let [collector, shared]: [Collector | null, Shared | null] = [null, null];
  const server = createServer((request, response) => {
    // A page of a browser may name this address by another name.
    if (!/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/u.test(request.headers.host ?? '')) response.writeHead(403).end();
    else if (request.url !== '/metrics') response.writeHead(404).end();
    else if (request.method !== 'GET') response.writeHead(405, { allow: 'GET' }).end();
    else response.writeHead(200, { 'content-type': EXPOSITION_TYPE }).end(exposition(figuresOf(collector, shared)));
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new UsageError(`--metrics: ${host}:${port} cannot be had (${error instanceof Error ? error.message : String(error)}).`);
  }
  return {
    get port() {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    of(one, of) {
      [collector, shared] = [one, of];
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const figuresOf = (collector: Collector | null, shared: Shared | null): Figure[] => [
  ...processFigures(),
  ...(shared === null ? [] : sharedFigures(shared)),
  ...(collector === null ? [] : recordingFigures(collector)),
];

function processFigures(): Figure[] {
  const { user, system } = process.cpuUsage();
  const one = (name: string, kind: Figure['kind'], help: string, value: number): Figure => ({ name, kind, help, samples: [{ value }] });
  return [
    one('process_cpu_seconds_total', 'counter', 'Processor time of the collector.', (user + system) / 1e6),
    one('process_resident_memory_bytes', 'gauge', 'Memory of the collector.', process.memoryUsage.rss()),
    one('process_start_time_seconds', 'gauge', 'When it was started.', performance.timeOrigin / 1000),
  ];
}

function sharedFigures(shared: Shared): Figure[] {
  const { count, bytes } = shared.waiting();
  const ofVenue = shared.venues().map((venue) => ({ labels: { venue }, value: 1 }));
  return [
    { name: 'perpscope_lease_held', kind: 'gauge', help: 'Venues that this collector records.', samples: ofVenue },
    { name: 'perpscope_waiting_facts', kind: 'gauge', help: 'Facts that wait on disk for the database.', samples: [{ value: count }] },
    { name: 'perpscope_waiting_bytes', kind: 'gauge', help: 'What they take there.', samples: [{ value: bytes }] },
  ];
}

function recordingFigures({ collect }: Collector): Figure[] {
  const venues = collect.health().filter(({ state }) => state !== 'off');
  type Venue = (typeof venues)[number];
  const figure = (name: string, kind: Figure['kind'], help: string, of: (venue: Venue) => number | null): Figure => ({
    name: `perpscope_venue_${name}`,
    kind,
    help,
    samples: venues.flatMap((venue) => {
      const value = of(venue);
      return value === null ? [] : [{ labels: { venue: venue.id }, value }];
    }),
  });
  return [
    figure('healthy', 'gauge', '1: the venue answers, and what it says is believed.', ({ state }) => Number(state === 'healthy')),
    figure('polls_total', 'counter', 'Polls that the venue answered.', ({ id }) => collect.listings.polls(id)),
    figure('last_answer_timestamp_seconds', 'gauge', 'When it answered last.', ({ okAt }) => okAt && okAt / 1000),
    figure('poll_interval_seconds', 'gauge', 'How often it is asked.', ({ pollMs }) => pollMs / 1000),
    figure(
      'clock_offset_seconds',
      'gauge',
      "The venue's clock minus this machine's.",
      ({ clockOffsetMs }) => clockOffsetMs && clockOffsetMs / 1000,
    ),
    figure('instruments', 'gauge', 'Instruments that it lists.', ({ instruments }) => instruments),
    figure('refused_values', 'gauge', 'Values of its newest answer that were not believed.', ({ refused }) => refused),
    figure('histories_to_fetch', 'gauge', 'Instruments whose history is still to fetch.', ({ backfilling }) => backfilling),
    {
      name: 'perpscope_failed_writes',
      kind: 'gauge',
      help: 'Kinds of facts of which some could not be written.',
      samples: [{ value: collect.reporter.lost().length }],
    },
  ];
}
