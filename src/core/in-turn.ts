export interface InTurn {
  /** Begins once every work before it is over. A work tells its own troubles. */
  add(work: () => Promise<void>): void;
  /** Resolves when the work of now is over; what has not begun never does. */
  end(): Promise<void>;
}

/** Readings that may take their time: a thousand at once would stand before everything else that asks the store. */
export function createInTurn(): InTurn {
  const waiting: (() => Promise<void>)[] = [];
  let working: Promise<void> | null = null;
  async function workOff(): Promise<void> {
    for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) await work();
    working = null;
  }
  return {
    add(work) {
      waiting.push(work);
      working ??= workOff();
    },
    async end() {
      waiting.length = 0;
      await working;
    },
  };
}
