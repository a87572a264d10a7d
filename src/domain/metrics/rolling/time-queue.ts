/** (time, value) pairs of a window by time, oldest out first. Grows to the most that the window held; no allocation after. */
export class TimeQueue {
  #times = new Float64Array(64);
  #values = new Float64Array(64);
  #head = 0;
  #size = 0;

  copy(): TimeQueue {
    const other = new TimeQueue();
    other.#times = this.#times.slice();
    other.#values = this.#values.slice();
    other.#head = this.#head;
    other.#size = this.#size;
    return other;
  }

  get size(): number {
    return this.#size;
  }

  /** Time of the oldest; NaN of none. */
  get oldest(): number {
    return this.#size === 0 ? NaN : this.#times[this.#head]!;
  }

  push(time: number, value: number): void {
    if (this.#size === this.#times.length) this.#grow();
    const at = (this.#head + this.#size) & (this.#times.length - 1);
    this.#times[at] = time;
    this.#values[at] = value;
    this.#size++;
  }

  /** Takes out the oldest and returns its value; ask `oldest` first. */
  shift(): number {
    const value = this.#values[this.#head]!;
    this.#head = (this.#head + 1) & (this.#times.length - 1);
    this.#size--;
    return value;
  }

  #grow(): void {
    const size = this.#times.length;
    const times = new Float64Array(2 * size);
    const values = new Float64Array(2 * size);
    for (let i = 0; i < size; i++) {
      times[i] = this.#times[(this.#head + i) & (size - 1)]!;
      values[i] = this.#values[(this.#head + i) & (size - 1)]!;
    }
    this.#times = times;
    this.#values = values;
    this.#head = 0;
  }
}
