import { createContext } from 'svelte';
import type { DecilesQuestion, DecilesReport } from '#bridge/deciles.ts';
import { UserError } from '#bridge/errors.ts';
import type { AppStudy, SavedStudy, StudyQuestion } from '#bridge/evidence.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { newJob, sortOf } from './ask.ts';
import { draftOf, newDraft, readDraft, type StudyDraft } from './draft.ts';

export const EVIDENCE = 'evidence';

/** What is asked, how far it is, and what was answered: outlives the panel on the screen. */
export class EvidenceSession {
  /** Null: as it opens. */
  #draft = $state.raw<StudyDraft | null>(null);
  running = $state<{ readonly share: number; readonly doing: string } | null>(null);
  answer = $state.raw<(AppStudy & { readonly question: StudyQuestion }) | null>(null);
  /** The set sorted into tenths, asked after the answer; null: it was not. */
  sorted = $state.raw<DecilesReport | null>(null);
  problem = $state<string | null>(null);
  /** Null: not read yet. */
  saved = $state.raw<readonly SavedStudy[] | null>(null);
  readonly #app: AppState;
  readonly #job = newJob();

  constructor(app: AppState) {
    this.#app = app;
  }

  readonly draft = $derived.by(() => this.#draft ?? newDraft(this.#app.list?.id ?? '', this.#app.health[0]?.id ?? ''));
  readonly read = $derived.by(() => readDraft(this.draft, this.#app.shown.selected, this.#app.unit));
  /** The answer is of another question than the one that stands there. */
  readonly isOther = $derived.by(() => {
    const { answer, read } = this;
    return answer !== null && JSON.stringify({ ...read.question, asOf: null }) !== JSON.stringify({ ...answer.question, asOf: null });
  });

  /** The sort that stands there, or why there is none. */
  readonly sort = $derived.by((): DecilesQuestion | string => {
    const { question } = this.read;
    return question === null ? 'Something of the form cannot be used yet.' : sortOf(question);
  });

  change(part: Partial<StudyDraft>): void {
    this.#draft = { ...this.draft, ...part };
    this.problem = null;
  }

  start(): () => void {
    return this.#app.client.on('evidence.progress', ({ job, share, doing }) => {
      if (job === this.#job && this.running !== null) this.running = { share, doing };
    });
  }

  /** Asks what stands there; `asOf`: as it was known then. */
  async ask(asOf: number | null = null): Promise<void> {
    const { question } = this.read;
    if (question === null) return;
    const asked = { ...question, asOf };
    await this.#running(async () => {
      const answer = await this.#app.client.call('evidence.study', { job: this.#job, question: asked });
      if (answer === null) return;
      this.answer = { ...answer, question: asked };
      this.sorted = null;
    });
  }

  /** Sorts the set of what stands there into tenths. */
  async askSort(): Promise<void> {
    const { sort } = this;
    if (typeof sort === 'string') return;
    await this.#running(async () => {
      this.sorted = (await this.#app.client.call('evidence.deciles', { job: this.#job, question: sort })) ?? this.sorted;
    });
  }

  async #running(work: () => Promise<void>): Promise<void> {
    if (this.running !== null) return;
    this.running = { share: 0, doing: 'starting' };
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = error instanceof UserError ? error.message : String(error);
    } finally {
      this.running = null;
    }
  }

  async cancel(): Promise<void> {
    await this.#told(() => this.#app.client.call('evidence.cancel', { job: this.#job }));
  }

  async load(): Promise<void> {
    await this.#told(async () => (this.saved = await this.#app.client.call('evidence.saved', {})));
  }

  async save(name: string): Promise<void> {
    const { answer } = this;
    if (answer === null) return;
    const { report, question, ranAt, tries } = answer;
    const { verdict, delays } = report;
    const { n, netBp } = delays[0] ?? { n: 0, netBp: null };
    await this.#told(async () => {
      this.saved = await this.#app.client.call('evidence.save', { name, question, ranAt, tries, verdict, n, netBp });
    });
  }

  async forget(id: string): Promise<void> {
    await this.#told(async () => (this.saved = await this.#app.client.call('evidence.forget', { id })));
  }

  /** Puts a saved one in the place of the draft and asks it again as it was known then: the same answer. */
  async again({ question, ranAt }: SavedStudy): Promise<void> {
    this.#draft = draftOf(question, this.draft, this.#app.unit);
    if ('instrument' in question.on) this.#app.select(question.on.instrument);
    const then = question.asOf ?? ranAt;
    // A clock that was set back (the demo's, after a restart) has not come there again: what is known now was known then. This page knows it to a second.
    await this.ask(then > this.#app.clock.read() - 1000 ? null : then);
  }

  async #told(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#app.tell(error);
    }
  }
}

export const [getEvidence, setEvidence] = createContext<EvidenceSession>();
