import { UserError } from '#bridge/errors.ts';
import type { UpdateNews } from '#bridge/update.ts';
import type { Events } from './events.ts';
import type { Log } from './ports/log.ts';
import type { Updates } from './ports/updates.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';

export interface UpdateWatchOptions {
  readonly updates: Updates;
  readonly events: Events;
  readonly reporter: Pick<Reporter, 'state'>;
  readonly settings: () => Settings;
  readonly log: Log;
  /** The demo asks nothing of the world. */
  readonly isDemo: boolean;
}

/** Looks for a newer version, only while the person has it switched on: a minute after the start, then once a day. */
export interface UpdateWatch {
  look(): Promise<UpdateNews>;
  /** Downloads the newest version; it is put in place when the app ends. */
  prepare(): Promise<string>;
}

/** A tick is a second. */
const FIRST_TICKS = 60;
const EVERY_TICKS = 86_400;
const CAUSE = 'a newer version';

export function watchUpdates({ updates, events, reporter, settings, log, isDemo }: UpdateWatchOptions): UpdateWatch {
  async function inWords<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      log.write('warn', 'updates', why);
      throw new UserError('not-found', why);
    });
  }
  async function look(): Promise<UpdateNews> {
    if (isDemo) throw new UserError('not-allowed', 'The demo asks nothing of the world, so it looks for no newer version.');
    const news = await inWords(updates.look(settings().proxy));
    reporter.state(
      CAUSE,
      news.newer ? `Perpscope ${news.version} is out: ${news.changes.join(' ')} ${news.link} Nothing is installed by itself.` : null,
    );
    return news;
  }
  let ticks = 0;
  events.on('tick', () => {
    ticks += 1;
    if (isDemo || !settings().updates || ticks % EVERY_TICKS !== FIRST_TICKS) return;
    look().catch((error: unknown) => reporter.state(CAUSE, error instanceof Error ? error.message : String(error)));
  });
  events.on('settings', ({ before, next }) => {
    if (before.updates && !next.updates) reporter.state(CAUSE, null);
  });
  return {
    look,
    async prepare() {
      if (isDemo) throw new UserError('not-allowed', 'The demo asks nothing of the world, so it fetches no newer version.');
      const version = await inWords(updates.prepare(settings().proxy));
      reporter.state(CAUSE, `Perpscope ${version} is here and checked. It takes this one's place when you end Perpscope.`);
      return version;
    },
  };
}
