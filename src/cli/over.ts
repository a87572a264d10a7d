/** Resolves once so many real ms are over (null: never), or `ending` aborts. */
export function over(durationMs: number | null, ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ending.aborted) {
      resolve();
      return;
    }
    // A Node timer holds at most 24.8 days.
    const until = durationMs === null ? Infinity : Date.now() + durationMs;
    let timer: NodeJS.Timeout | null = null;
    const wait = (): void => {
      const left = until - Date.now();
      if (left <= 0) resolve();
      else if (left < Infinity) timer = setTimeout(wait, Math.min(left, 86_400_000));
    };
    ending.addEventListener('abort', () => {
      if (timer !== null) clearTimeout(timer);
      resolve();
    });
    wait();
  });
}
