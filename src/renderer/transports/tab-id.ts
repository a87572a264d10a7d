const KEY = 'perpscope-tab';
/** How long the page before, at a reload, may take to let go of its name. */
const RELOAD_MS = 500;

/**
 * The name of this tab, which it keeps over reloads and restarts of the app. A tab that the browser made as a copy of another
 * brings the other's name along: the one that holds the lock keeps it, the copy takes a new one.
 */
export async function claimTabId(): Promise<string> {
  const kept = sessionStorage.getItem(KEY);
  if (kept !== null && (await holds(kept))) return kept;
  const fresh = `tab-${crypto.randomUUID().slice(0, 13)}`;
  sessionStorage.setItem(KEY, fresh);
  await holds(fresh);
  return fresh;
}

/** True: the name is this tab's for as long as it lives. */
function holds(name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`${KEY} ${name}`, { signal: AbortSignal.timeout(RELOAD_MS) }, () => {
        resolve(true);
        return new Promise<never>(() => undefined);
      })
      .catch((error: unknown) => {
        if (error instanceof DOMException) resolve(false);
        else reject(error instanceof Error ? error : new Error(String(error)));
      });
  });
}
