import type { WatchRow } from '#bridge/contract.ts';
import type { OccurrencesReport, StudyRule } from '#bridge/evidence.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { conditionsOfAlert, newJob } from '../evidence/ask.ts';

/** How often it fired is counted over all that is stored: asked when something changes, but not at every poll. */
const RECORD_MS = 4000;

/** How often the threshold of an instrument fired in its stored history. */
export class ThresholdRecord {
  #record = $state.raw<{ readonly of: string; readonly value: OccurrencesReport } | null>(null);
  readonly #row: () => WatchRow;
  /** Null: it is still being counted. */
  readonly current = $derived.by(() => (this.#record?.of === this.#row().instrument.id ? this.#record.value : null));

  constructor(app: AppState, row: () => WatchRow) {
    this.#row = row;
    const job = newJob();
    const id = $derived(row().instrument.id);
    const version = $derived(app.historyVersion.get(id) ?? 0);
    const question = $derived(`${id} ${row().params.theta} ${row().params.k} ${row().params.n} ${app.past.key}`);
    /** The signal as the rule that it is. */
    const rule = $derived.by((): StudyRule => {
      const { theta, k, n } = row().params;
      const choice = { metric: 'ema-divergence', params: { n } };
      return {
        conditions: conditionsOfAlert([{ choice, op: 'outside', level: theta }]),
        k,
        on: { instrument: id, among: null },
        from: null,
        to: null,
      };
    });
    let lastAsked = 0;
    let askedFor = '';
    $effect(() => {
      const asking = { instrument: id, rule, question, version, isOver: false };
      const wait = asking.question === askedFor ? Math.max(0, lastAsked + RECORD_MS - performance.now()) : 0;
      askedFor = asking.question;
      const timer = setTimeout(() => {
        lastAsked = performance.now();
        app.client
          .call('evidence.count', { job, question: asking.rule })
          .then((value) => {
            if (!asking.isOver && value !== null) this.#record = { of: asking.instrument, value };
          })
          .catch((error: unknown) => app.tell(error));
      }, wait);
      return () => {
        asking.isOver = true;
        clearTimeout(timer);
      };
    });
  }
}
