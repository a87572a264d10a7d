import type { ProxyChoice } from '#bridge/proxy.ts';
import type { UpdateNews } from '#bridge/update.ts';

/** Newer versions of the program. What fails rejects with an Error whose message is one sentence for the person; nothing was changed then. */
export interface Updates {
  look(proxy: ProxyChoice): Promise<UpdateNews>;
  /** Downloads and checks the newest version, to be put in place when the app ends; which one it is. */
  prepare(proxy: ProxyChoice): Promise<string>;
  /** At the end of the app; true where the new version starts next. */
  install(): Promise<boolean>;
}
