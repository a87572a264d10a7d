import type { Browser, Page } from 'playwright-core';

export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: {
    readonly name?: string;
    readonly data?: { readonly functionName?: string; readonly url?: string; readonly columnNumber?: number };
  };
}

const placeOf = ({ args: { data = {} } = {} }: TraceEvent): string =>
  data.functionName === undefined ? '' : `${data.functionName} (${data.url?.split('/').at(-1) ?? ''}:${data.columnNumber ?? 0}) `;

const CATEGORIES = ['-*', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing', '__metadata'];

/** What Chromium traced of the page while `work` was done. */
export async function traced(browser: Browser, page: Page, work: () => Promise<unknown>): Promise<readonly TraceEvent[]> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  return (JSON.parse((await browser.stopTracing()).toString('utf8')) as { traceEvents: TraceEvent[] }).traceEvents;
}

const busy = (all: readonly TraceEvent[]): number => all.reduce((sum, { tdur = 0 }) => sum + tdur, 0);

/** The tasks of the page's main thread, and the name of that thread in the trace. Of several renderers it is the busiest one's. */
function mainThread(events: readonly TraceEvent[]): readonly [thread: string, tasks: readonly TraceEvent[]] {
  const mains = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const byThread = new Map<string, TraceEvent[]>();
  for (const event of events) {
    const thread = `${event.pid} ${event.tid}`;
    if (event.ph !== 'X' || event.name !== 'RunTask' || !mains.has(thread)) continue;
    const tasks = byThread.get(thread) ?? [];
    tasks.push(event);
    byThread.set(thread, tasks);
  }
  return [...byThread].toSorted((a, b) => busy(b[1]) - busy(a[1]))[0] ?? ['', []];
}

/** Ms of the main thread's own time from each frame that it began to the next. */
export function framesIn(events: readonly TraceEvent[]): readonly number[] {
  const [thread, tasks] = mainThread(events);
  const begins = events
    .filter(({ name, ph, pid, tid }) => name === 'AnimationFrame' && ph === 'b' && `${pid} ${tid}` === thread)
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
  const frames = begins.slice(1).map(() => 0);
  for (const { ts, dur = 0, tdur = 0 } of tasks) {
    const frame = begins.findLastIndex((begin) => begin <= ts + dur);
    if (frame >= 0 && frame < frames.length) frames[frame] = (frames[frame] ?? 0) + tdur / 1000;
  }
  return frames;
}

/** Tasks of the page's main thread: ms of its own time and on the wall. */
export function tasksIn(
  events: readonly TraceEvent[],
): { readonly own: number; readonly wall: number; readonly at: number; readonly what: string }[] {
  const [thread, tasks] = mainThread(events);
  const inside = events.filter(
    ({ ph, pid, tid, name, tdur = 0 }) => ph === 'X' && name !== 'RunTask' && tdur > 2_000 && `${pid} ${tid}` === thread,
  );
  return tasks.map(({ ts, dur = 0, tdur = 0 }) => ({
    own: tdur / 1000,
    wall: dur / 1000,
    at: ts / 1000,
    what:
      tdur < 8_000
        ? ''
        : inside
            .filter((one) => one.ts >= ts && one.ts < ts + dur)
            .map((one) => `${one.name} ${placeOf(one)}${((one.tdur ?? 0) / 1000).toFixed(1)}`)
            .join(', '),
  }));
}
