/** Writes docs/venues.md from the folders of the venues; a test fails where the page is not up to date. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RateLimit, Venue, VenueIo, VenueRequest } from '#core/venue.ts';
import type { VenueTerms } from '#domain/metrics/venue-terms.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createWires } from '#node/demo/market.ts';
import { CCXT_VERSION } from '#node/venues/ccxt/listed.ts';
import { createViaCcxt } from '#node/venues/ccxt/index.ts';
import { WAYS } from '#node/venues/ccxt/ways.ts';
import { createVenues } from '#node/venues/index.ts';
import { table, widePage } from './markdown.ts';

/** Any moment will do: the wires are asked as of it. */
const NOW = Date.UTC(2026, 10, 20, 13, 7, 3);
const SEED = 1;

/** What one poll of the venue asked of its own part of the demo market. */
async function asked(venue: Venue, now: number): Promise<VenueRequest[]> {
  const wire = createWires(SEED).wires[venue.id];
  if (wire === undefined) throw new Error(`no demo wire of ${venue.id}`);
  const requests: VenueRequest[] = [];
  const io: VenueIo = {
    now,
    request(request) {
      requests.push(request);
      const { method = 'GET', path, body } = request;
      const url = new URL(path, 'http://127.0.0.1');
      const text = body === undefined ? '' : JSON.stringify(body);
      const answer = wire({ method, path: url.pathname, query: url.searchParams, body: text }, now);
      return answer.status === 200 ? Promise.resolve(answer.body) : Promise.reject(new Error(`${answer.status}: ${answer.body}`));
    },
  };
  await venue.poll(io);
  return requests;
}

/** The first poll asks for lists that are kept too, a later one for one whose turn it is: what two of those ask for is a round alone. */
export async function pollsOf(venue: Venue): Promise<{ readonly round: VenueRequest[]; readonly lists: VenueRequest[] }> {
  const first = await asked(venue, NOW);
  const second = new Set((await asked(venue, NOW + MINUTE_MS)).map(nameOf));
  const round = (await asked(venue, NOW + 2 * MINUTE_MS)).filter((request) => second.has(nameOf(request)));
  const names = new Set(round.map(nameOf));
  return { round, lists: first.filter((request) => !names.has(nameOf(request))) };
}

const nameOf = ({ method = 'GET', path, body }: VenueRequest): string =>
  body === undefined ? `${method} ${path}` : `${method} ${path} ${JSON.stringify(body)}`;
const costOf = ({ cost }: VenueRequest): string =>
  Object.entries(cost)
    .map(([bucket, units]) => `${bucket} ${units}`)
    .join(', ');
const requestLine = (request: VenueRequest): string => `\`${nameOf(request)}\` (${costOf(request)})`;
const lines = (all: readonly string[], none: string): string => (all.length === 0 ? none : all.join('<br>'));

function duration(ms: number): string {
  if (ms % HOUR_MS === 0) return ms === HOUR_MS ? 'an hour' : `${ms / HOUR_MS} h`;
  if (ms % MINUTE_MS === 0) return ms === MINUTE_MS ? 'a minute' : `${ms / MINUTE_MS} min`;
  return ms === 1000 ? 'a second' : `${ms / 1000} s`;
}
const limitLine = ({ bucket, max, perMs }: RateLimit): string => `${bucket}: ${max} in ${duration(perMs)}`;

const percent = (x: number): string => `${Number((x * 100).toPrecision(6))} %`;
function termsLine(terms: VenueTerms): string {
  const { from, interestPer8h, clamp, cap, floor, divides, continuous, weighting, source } = terms;
  const said = [
    interestPer8h === null ? 'interest by instrument or not sourced' : `interest ${percent(interestPer8h)} per 8 h`,
    clamp === null ? 'clamp not sourced' : `clamp ${percent(clamp)}`,
    ...(cap === null ? [] : [`cap ${percent(cap)}`]),
    ...(floor === null ? [] : [`floor ${percent(floor)}`]),
    continuous ? 'accrues all the time' : divides ? 'the formula is on 8 h and is divided' : 'the formula is on the interval',
    ...(weighting === 'rising' ? ['later minutes count more'] : []),
  ];
  return `${from === 0 ? '' : `from ${new Date(from).toISOString().slice(0, 10)}: `}${said.join(', ')} (${source})`;
}

async function rowOf(venue: Venue): Promise<string[]> {
  const { id, name, onByDefault, host, formula, fees, service, files } = venue;
  const { round, lists } = await pollsOf(venue);
  return [
    `[${name}](${service.documentation})<br>\`${id}\`${onByDefault ? '<br>on for a new user' : ''}`,
    lines(round.map(requestLine), 'none'),
    lines(lists.map(requestLine), 'none'),
    lines(host.limits.map(limitLine), 'none'),
    service.nextFunding,
    service.interval,
    `${service.openInterest}${'openInterest' in venue ? ' (swept within the budget)' : ''}`,
    service.caps ?? 'not said',
    lines(formula?.terms.map(termsLine) ?? [], 'not sourced'),
    formula?.ownPremium === true ? 'its own' : 'mark/index - 1',
    service.accrual,
    lines(
      [
        service.settledDays === 'all'
          ? `all since the listing, ${service.settledRows} a request`
          : `${service.settledDays} days, ${service.settledRows} a request`,
        ...(files === undefined ? [] : [`files of months at ${files.url}, from ${new Date(files.from + 1).toISOString().slice(0, 7)} on`]),
      ],
      '',
    ),
    service.prices,
    service.tiers,
    fees === null
      ? `not sourced${service.noFees === undefined ? '' : `: ${service.noFees}`}`
      : `maker ${percent(fees.perp[0].maker)}, taker ${percent(fees.perp[0].taker)} (${fees.source}, ${fees.asOf})`,
    lines(service.unverified, 'nothing'),
  ];
}

const ASKED = {
  bulk: 'all in one request (or one for each kind of contract)',
  symbols: 'all in one request that names them',
  tickers: 'with the tickers, in one request',
  each: 'one request for each contract, in turns',
} as const;
/** Of an exchange that is read through ccxt: what is known of it is in its way, and no answer of the demo is there to count. */
function ccxtRow({ id, name, url, host, service }: Venue): string[] {
  const { rates, history } = WAYS[id.replace(/^ccxt-/u, '')] ?? { rates: { kind: 'each' as const }, history: null };
  const { settledDays, settledRows } = service;
  return [
    `[${name}](${service.documentation})<br>\`${id}\``,
    url,
    ASKED[rates.kind],
    lines(host.limits.map(limitLine), 'none'),
    service.interval,
    history === null
      ? 'none'
      : history.kind === 'newest'
        ? `the newest ${settledRows}`
        : `${settledRows} a request${settledDays === 'all' ? '' : `, ${settledDays} days`}`,
    service.prices,
  ];
}
const CCXT_HEAD = ['venue', 'address', 'running rates', 'limits', 'interval', 'settlements', 'hourly prices'];

const HEAD = [
  'venue',
  'one round of polls (cost)',
  'lists that are kept',
  'limits',
  'next settlement',
  'interval',
  'open interest',
  'caps and floors',
  'formula',
  'premium',
  'accrual',
  'settlements',
  'hourly prices',
  'maintenance',
  'fees of a new account',
  'unverified',
];

/** The whole page. */
export async function venuesPage(): Promise<string> {
  const venues = createVenues();
  const rows: string[][] = [];
  for (const venue of venues) rows.push(await rowOf(venue));
  return widePage(
    '# Venues',
    'Generated from `src/node/venues` by `npm run docs:venues`; requests and their costs are those of a poll. How a venue is added: [how-to-add-a-venue.md](how-to-add-a-venue.md).',
    'A round of the seven venues that are on for a new user takes 16 requests. Lists that change slowly (contracts, intervals, volumes) are asked for beside it: one in a round, each in its own half minute of the five minutes (or the hour) that it is kept, so that a round takes 17; all 13 in the first, which takes 29, and a list of intervals that rates contradict with the round that shows it. Without them no amount has a unit and no rate an interval, and no list of rates holds them. Open interest of Binance, a request for each contract, is swept within the budget besides.',
    'What is unverified was written after the documentation of the venue: no recorded answer was there to read it with.',
    table(HEAD, rows),
    '## Through ccxt',
    `Read through ccxt ${CCXT_VERSION}, off until they are switched on, no part of the demo. Fields that ccxt lacks, and open interest, are shown as missing. All of it is unverified: no answer of theirs was recorded whole.`,
    table(CCXT_HEAD, createViaCcxt().map(ccxtRow)),
  );
}

if (import.meta.main) writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs/venues.md'), await venuesPage());
