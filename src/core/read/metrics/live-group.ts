import { type GroupFrame, LEG_EXCLUDED, LEG_UNCONFIRMED } from '#domain/metrics/frames/frames.ts';
import type { GroupRow } from '#domain/metrics/frames/group.ts';
import { Identity } from '#domain/metrics/frames/identity.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { hourClose } from '#domain/time.ts';
import { usdPar } from '#domain/amounts.ts';
import { ALL, INDEX, OPEN_INTEREST } from './live-bits.ts';
import { FRESH, type LiveBoard, type OfMany } from './live-board.ts';

/** The row in progress of instruments that are compared, of their rows on the board. */
export class LiveGroup {
  readonly #board: LiveBoard;
  /** Of an asset: which legs are another coin; what was found stands for those that lose their price. */
  readonly #identity: Identity | null;
  /** Places of its legs, in the order of the closed rows. */
  readonly legs: readonly number[];
  /** Bits of what changed in the row since it was last looked at. */
  due = ALL;
  /** Time of the newest observation of its legs. */
  at = -Infinity;
  #laidAt = -1;
  /** Not every leg that has a price is of the asset. */
  #isDisputed = false;

  constructor(board: LiveBoard, isAsset: boolean, ids: readonly InstrumentId[]) {
    this.#board = board;
    this.#identity = isAsset ? new Identity() : null;
    this.legs = ids.map((id) => board.placeOf(id));
  }

  /** Lays it out in `into`. */
  lay(into: GroupRow): OfMany<GroupFrame> {
    const board = this.#board;
    this.at = -Infinity;
    for (const leg of this.legs) {
      board.see(leg);
      this.due |= board.changedSince(leg, this.#laidAt);
      this.at = Math.max(this.at, board.settlement.time[leg] ?? NaN);
    }
    this.#laidAt = board.moment;
    // What legs in other money are worth moves with the index of the others.
    if ((this.due & INDEX) !== 0 && this.legs.some((leg) => usdPar(board.instruments[leg]?.money ?? 'USD') === null))
      this.due |= OPEN_INTEREST;
    into.start(hourClose(this.at));
    for (const leg of this.legs) {
      const fresh = board.standing[leg] === FRESH;
      const hours = fresh ? board.hour : board.nothing;
      hours.instrument = board.instruments[leg] ?? hours.instrument;
      into.add(hours, fresh ? leg : 0);
    }
    const frame = into.end(this.#identity);
    // A move of prices can let legs in and out.
    const isDisputed = frame.legs.some(({ standing }) => standing[0] === LEG_EXCLUDED || standing[0] === LEG_UNCONFIRMED);
    if (isDisputed || this.#isDisputed) this.due = ALL;
    this.#isDisputed = isDisputed;
    return frame;
  }
}
