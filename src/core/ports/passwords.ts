import type { ProxyChoice } from '#bridge/proxy.ts';

/** Passwords of proxies, kept apart from the settings where the system locks them away; each goes with one address and its user. */
export interface ProxyPasswords {
  /** Rejects with an Error for the person where there is no safe place for it, or none that can be written. */
  keep(proxy: ProxyChoice, password: string): Promise<void>;
  /** Forgets those of every other proxy. */
  keepOnly(proxies: ReadonlySet<ProxyChoice>): Promise<void>;
}
