/** 'utc', 'local' (the machine's own) or the name of a zone, such as "Europe/Berlin". */
export type Zone = string;

/** As Intl takes it; undefined: the machine's own. */
export const timeZoneOf = (zone: Zone): string | undefined => (zone === 'utc' ? 'UTC' : zone === 'local' ? undefined : zone);

type Wall = readonly [year: number, month: number, day: number, hour: number, minute: number];

const clocks = new Map<Zone, Intl.DateTimeFormat>();

function clockOf(zone: Zone): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    ...{ calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', timeZone: timeZoneOf(zone) },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  clocks.set(zone, made);
  return made;
}

/** What a calendar and a clock of a named zone show; months from 0. */
function wallOf(t: number, zone: Zone): Wall {
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of clockOf(zone).formatToParts(t)) shown[type] = value;
  return [Number(shown.year), Number(shown.month) - 1, Number(shown.day), Number(shown.hour), Number(shown.minute)];
}

/** The date in the zone; months from 0. */
export function dateOf(t: number, zone: Zone): readonly [year: number, month: number, day: number] {
  const at = new Date(t);
  if (zone === 'utc') return [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  if (zone === 'local') return [at.getFullYear(), at.getMonth(), at.getDate()];
  const [year, month, day] = wallOf(t, zone);
  return [year, month, day];
}

const DAY_MS = 86_400_000;

/** Of a named zone at t: what its clocks are ahead of UTC. */
const aheadMs = (t: number, zone: Zone): number => Date.UTC(...wallOf(t, zone)) - Math.floor(t / 60_000) * 60_000;

/**
 * Midnight of a date of the zone; days beyond the end of a month run on. Where clocks skip midnight it is the moment at which they do,
 * where they show it twice the first of the two.
 */
export function midnight(zone: Zone, year: number, month: number, day: number): number {
  const wall = Date.UTC(year, month, day);
  if (zone === 'utc') return wall;
  if (zone === 'local') return new Date(year, month, day).getTime();
  const found = [wall - aheadMs(wall - DAY_MS, zone), wall - aheadMs(wall + DAY_MS, zone)];
  const right = found.filter((t) => t + aheadMs(t, zone) === wall);
  return right.length > 0 ? Math.min(...right) : Math.max(...found);
}
