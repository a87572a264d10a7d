/** Stock Chromium has no custom schemes; pages of one live on a host that no network has. */
const suffix = '.app-scheme.test';

const schemes = new Set<string>();

export const learnScheme = (scheme: string): void => {
  schemes.add(scheme);
};

/** `app://host/path` as the page's own URL; everything else as it is. */
export function toPage(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/iu.exec(url);
  const [, scheme, host, rest] = match ?? [];
  if (scheme === undefined || host === undefined || rest === undefined || !schemes.has(scheme.toLowerCase())) return url;
  return `https://${host}${suffix}${rest === '' ? '/' : rest}`;
}

/** A page's URL as Electron would tell it. */
export function fromPage(url: string): string {
  const parsed = URL.parse(url);
  const [scheme] = schemes;
  if (scheme === undefined || parsed?.protocol !== 'https:' || !parsed.host.endsWith(suffix)) return url;
  const user = parsed.username === '' ? '' : `${parsed.username}@`;
  return `${scheme}://${user}${parsed.host.slice(0, -suffix.length)}${parsed.pathname}${parsed.search}${parsed.hash}`;
}
