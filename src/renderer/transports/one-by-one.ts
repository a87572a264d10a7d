/**
 * Takes in what came in a task of its own each, in its order: what a stream brings at once would hold up the page together. Resolves as
 * the task begins: who reads a stream reads on only then, or what a slow page has not taken in would pile up in it.
 */
export function oneByOne<T>(take: (one: T) => void): (one: T) => Promise<void> {
  const waiting: { readonly one: T; readonly begun: () => void }[] = [];
  const turn = new MessageChannel();
  turn.port1.onmessage = () => {
    const next = waiting.shift();
    if (waiting.length > 0) turn.port2.postMessage(null);
    if (next === undefined) return;
    next.begun();
    take(next.one);
  };
  return (one) =>
    new Promise((begun) => {
      waiting.push({ one, begun });
      if (waiting.length === 1) turn.port2.postMessage(null);
    });
}
