import type { AfterHorizon, Note, NoteSave } from '#bridge/note.ts';
import { readTime, timeWritten } from '#domain/typed-time.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { getApp } from '../../state/context.ts';

/** Of the register of panels. */
export const JOURNAL = 'journal';

/** A note as its fields hold it. */
export interface Draft {
  readonly id: string | null;
  readonly instrument: string | null;
  readonly at: string;
  readonly text: string;
  readonly tags: string;
  readonly scenario: NoteSave['scenario'];
}

/** The journal as the app has it, and the note that is being written; it outlives the panel on the screen. */
export class JournalSession {
  notes = $state.raw<readonly Note[]>([]);
  draft = $state.raw<Draft | null>(null);
  /** Why the draft was not kept. */
  wrong = $state<string | null>(null);
  after = $state.raw<readonly AfterHorizon[]>([]);
  readonly #app: AppState;

  constructor(app: AppState) {
    this.#app = app;
    app.client.on('notes.change', (notes) => (this.notes = notes));
    void app.attempt(async () => {
      this.notes = await app.client.call('notes.list', {});
    });
  }

  /** Notes of the instrument, and those of no single one, as a chart shows them: in the past none of a later time, nor as recorded one that was written later. */
  of(instrument: string): readonly Note[] {
    const { time, isVenueTime } = this.#app.past;
    const notes = this.notes.filter((note) => note.instrument === null || note.instrument === instrument);
    if (time === null) return notes;
    return notes.filter(({ at, writtenAt }) => at <= time && (isVenueTime || writtenAt <= time));
  }

  /** A note of now about an instrument (null: none). */
  begin(instrument: string | null): void {
    const at = instrument === null ? this.#app.clock.read() : this.#app.readTimeAt(instrument);
    this.#take({ id: null, instrument, at: timeWritten(Math.floor(at / 60_000) * 60_000), text: '', tags: '', scenario: null });
  }

  async show(note: Note): Promise<void> {
    this.#take({ ...note, at: timeWritten(note.at), tags: note.tags.join(' ') });
    await this.#fill(note.id);
  }

  edit(change: Partial<Draft>): void {
    if (this.draft !== null) this.draft = { ...this.draft, ...change };
  }

  async save(): Promise<void> {
    const { draft } = this;
    if (draft === null) return;
    const at = readTime(draft.at, { zone: 'UTC' });
    if (typeof at !== 'number') {
      this.wrong = `${at.wrong} ${at.right}`.trim();
      return;
    }
    if (draft.text.trim() === '') {
      this.wrong = 'Write something first.';
      return;
    }
    const tags = draft.tags
      .split(/[\s,]+/u)
      .map((tag) => tag.replace(/^#/u, ''))
      .filter((tag) => tag !== '');
    this.wrong = await this.#app.attempt(async () => {
      await this.show(await this.#app.client.call('notes.save', { ...draft, at, tags }));
    });
  }

  async remove(id: string): Promise<void> {
    this.wrong = await this.#app.attempt(() => this.#app.client.call('notes.delete', { id }));
    if (this.wrong === null) this.draft = null;
  }

  #take(draft: Draft): void {
    this.draft = draft;
    this.wrong = null;
    this.after = [];
  }

  async #fill(id: string): Promise<void> {
    this.wrong = await this.#app.attempt(async () => {
      const after = await this.#app.client.call('notes.after', { id });
      if (this.draft?.id === id) this.after = after;
    });
  }
}

/** One of each page's app: its chart shows notes also in a window of its own. */
const sessions = new WeakMap<AppState, JournalSession>();

export function getJournal(): JournalSession {
  const app = getApp();
  const session = sessions.get(app) ?? new JournalSession(app);
  sessions.set(app, session);
  return session;
}
