/** The columns of settlements before which no poll was kept. */
export function unseen({ length }: Float64Array) {
  const none = new Float64Array(length).fill(NaN);
  return { seen60: none, seen15: none, seen5: none, seenLast: none, seenLastAt: none };
}
