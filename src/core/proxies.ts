import { UserError } from '#bridge/errors.ts';
import { readTypedProxy } from '#bridge/proxy.ts';
import type { VenueId } from '#domain/instrument.ts';
import { newVenueSettings } from './default-settings.ts';
import type { Log } from './ports/log.ts';
import type { ProxyPasswords } from './ports/passwords.ts';
import type { Settings } from './settings.ts';

export interface ProxyWish {
  /** Null: all that say nothing of their own. */
  readonly venue: VenueId | null;
  /** As a person types it: "off", "system" or an address, maybe with a password; null: as all are. */
  readonly typed: string | null;
}

/** The change of settings that a person wishes; a password is put away first. Throws UserError with what is wrong. */
export async function proxyChange({ venue, typed }: ProxyWish, passwords: ProxyPasswords): Promise<(settings: Settings) => Settings> {
  if (typed === null && venue === null) throw new UserError('bad-input', 'Say off, system, or the address of a proxy.');
  const read = typed === null ? { choice: null, password: '' } : readTypedProxy(typed);
  if ('why' in read) throw new UserError('bad-input', read.why);
  const { choice, password } = read;
  if (choice !== null && password !== '') {
    try {
      await passwords.keep(choice, password);
    } catch (error) {
      throw new UserError('bad-input', error instanceof Error ? error.message : String(error));
    }
  }
  return (all) => {
    if (venue === null) return { ...all, proxy: choice ?? all.proxy };
    return { ...all, venues: { ...all.venues, [venue]: { ...(all.venues[venue] ?? newVenueSettings), proxy: choice } } };
  };
}

/** Forgets the passwords of proxies that no setting names any more. */
export async function tidyPasswords({ proxy, venues }: Settings, passwords: ProxyPasswords, log: Log): Promise<void> {
  try {
    await passwords.keepOnly(new Set([proxy, ...Object.values(venues).flatMap((venue) => venue.proxy ?? [])]));
  } catch (error) {
    log.write('warn', 'proxies', `a password that is of no use any more could not be deleted: ${String(error)}`);
  }
}
