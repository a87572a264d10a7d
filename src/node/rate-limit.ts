/** Counts events in a sliding window: true while at most `most` fell into the last `windowMs`. */
export function createRateLimit(most: number, windowMs: number): (nowMs: number) => boolean {
  let times: number[] = [];
  return (nowMs) => {
    times = [...times.filter((time) => time > nowMs - windowMs), nowMs];
    return times.length <= most;
  };
}
