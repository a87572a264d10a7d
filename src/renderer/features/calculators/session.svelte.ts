import type { CallInput, CallName, CallOutput } from '#bridge/contract.ts';
import type { PositionView, Scenario, ScenarioSave } from '#bridge/scenario.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { FactsFeed } from './facts-feed.svelte.ts';
import type { Typed } from './fields.ts';
import { canKeep, type ConstantKey } from './constants.ts';

/** As everywhere on the screen (`freshness`). */
const SLACK_MS = 5000;
const POLL_MS = 30_000;

export const TABS = ['size', 'profit', 'scale', 'change', 'liquidation', 'cross', 'funding', 'carry', 'saved'] as const;
export type Tab = (typeof TABS)[number];

/** Of the register of panels. */
export const CALCULATORS = 'calculators';

/** What the calculators hold while the page lives: everything typed, by instrument, so that looking elsewhere loses nothing. */
export class CalculatorSession {
  scenarios = $state.raw<readonly Scenario[]>([]);
  positions = $state.raw<readonly PositionView[]>([]);
  readonly feed: FactsFeed;
  readonly app: AppState;
  #typed = $state.raw<Readonly<Record<string, Typed>>>({});

  constructor(app: AppState) {
    this.app = app;
    this.feed = new FactsFeed(app);
  }

  /** The calculator in front, which the window keeps. */
  get tab(): Tab {
    const page = this.app.shown.pages[CALCULATORS];
    return TABS.find((tab) => tab === page) ?? 'size';
  }

  set tab(tab: Tab) {
    this.app.show({ pages: { ...this.app.shown.pages, [CALCULATORS]: tab } });
  }

  typedOf(scope: string): Typed {
    return this.#typed[scope] ?? {};
  }

  type(scope: string, key: string, text: string): void {
    this.#typed = { ...this.#typed, [scope]: { ...this.typedOf(scope), [key]: text } };
  }

  reset(scope: string, key: string): void {
    const rest = Object.fromEntries(Object.entries(this.typedOf(scope)).filter(([name]) => name !== key));
    this.#typed = { ...this.#typed, [scope]: rest };
  }

  resetAll(scope: string, texts: Typed = {}): void {
    this.#typed = { ...this.#typed, [scope]: texts };
  }

  /** Remembers what was typed as the person's constant; what cannot be one stays in its field. */
  keep(scope: string, key: string, constant: ConstantKey, venue: string): void {
    const text = this.typedOf(scope)[key];
    const constants = this.app.settings?.calculators;
    if (text === undefined || constants === undefined || !canKeep(constant, text)) return;
    const isTier = constant === 'feeTier';
    void this.app.change({
      calculators: isTier
        ? { ...constants, feeTiers: { ...constants.feeTiers, [venue]: text } }
        : { ...constants, [constant]: text.trim() },
    });
    this.reset(scope, key);
  }

  /** How long a quote of the venue is current. */
  freshMs(venue: string): number {
    return 2 * (this.app.healthOf(venue)?.pollMs ?? POLL_MS) + SLACK_MS;
  }

  /** Keeps scenarios and positions as the app has them; returns the stop. */
  start(): () => void {
    const { client } = this.app;
    const stops = [
      client.on('scenarios.change', (scenarios) => (this.scenarios = scenarios)),
      client.on('positions.change', (positions) => (this.positions = positions)),
    ];
    void this.load();
    return () => {
      for (const stop of stops) stop();
    };
  }

  async load(): Promise<void> {
    const scenarios = await this.#ask('scenarios.list', {});
    if (scenarios !== null) this.scenarios = scenarios;
    const positions = await this.#ask('positions.list', {});
    if (positions !== null) this.positions = positions;
  }

  save(question: ScenarioSave): Promise<Scenario | null> {
    return this.#ask('scenarios.save', question);
  }

  async remove(scenario: Scenario): Promise<void> {
    await this.#ask('scenarios.delete', { id: scenario.id });
    await this.load();
  }

  /** `fills`: what was really filled, of a scenario of one leg. */
  async open(id: string, openAt: number, fills: { readonly entry: string; readonly contracts: string } | null): Promise<boolean> {
    const filled = fills === null ? {} : { entries: [fills.entry], contracts: [fills.contracts] };
    const done = (await this.#ask('positions.open', { id, openAt, ...filled })) !== null;
    if (done) await this.load();
    return done;
  }

  async close(id: string, closedAt: number): Promise<void> {
    await this.#ask('positions.close', { id, closedAt });
    await this.load();
  }

  /** Null where it failed, which the person has been told. */
  async #ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N> | null> {
    try {
      return await this.app.client.call(name, input);
    } catch (error) {
      this.app.tell(error);
      return null;
    }
  }
}
