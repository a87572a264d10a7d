const KEY = 'perpscope-tab';
/** Longer than a page that is loaded again takes to let go of its name; one that lives says so at once. */
const LEAVE_MS = 10_000;

/** What tabs tell each other on the channel of a name. */
type Message = 'whose' | 'mine';

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

/** True: the name is this tab's for as long as it lives. False: another tab lives under it. */
function holds(name: string): Promise<boolean> {
  const lock = `${KEY} ${name}`;
  const tabs = new BroadcastChannel(lock);
  const wait = new AbortController();
  let isMine = false;
  tabs.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data === 'mine') wait.abort();
    else if (isMine) tabs.postMessage('mine' satisfies Message);
  };
  // A page on its way out no longer lives: the one that is loaded in its place waits for the lock.
  window.addEventListener('pagehide', () => tabs.close(), { once: true });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => wait.abort(), LEAVE_MS);
    navigator.locks
      .request(lock, { signal: wait.signal }, () => {
        clearTimeout(timer);
        isMine = true;
        resolve(true);
        return new Promise<never>(() => undefined);
      })
      .catch((error: unknown) => {
        clearTimeout(timer);
        tabs.close();
        if (error instanceof DOMException) resolve(false);
        else reject(error instanceof Error ? error : new Error(String(error)));
      });
    tabs.postMessage('whose' satisfies Message);
  });
}
