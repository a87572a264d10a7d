/** What a run of a metric keeps of the rows before, in one object: it can be copied, and another run goes on from the copy. */
export type Kept = { [name: string]: Part };

/** Keeps numbers of its own, and makes another one that goes on from here. */
interface Copies {
  copy(): Copies;
}
type Part = number | Float64Array | Copies | Copies[];

function copyOfPart(part: Part): Part {
  if (typeof part === 'number') return part;
  if (Array.isArray(part)) return part.map((one) => one.copy());
  return part instanceof Float64Array ? part.slice() : part.copy();
}

export function copyOf(kept: Kept): Kept {
  const copy: Kept = { ...kept };
  for (const [name, part] of Object.entries(kept)) copy[name] = copyOfPart(part);
  return copy;
}
