/** Takes in what came in a task of its own each, in its order: what a stream brings at once would hold up the page together. */
export function oneByOne<T>(take: (one: T) => void): (one: T) => void {
  const waiting: T[] = [];
  const turn = new MessageChannel();
  turn.port1.onmessage = () => {
    const one = waiting.shift();
    if (waiting.length > 0) turn.port2.postMessage(null);
    if (one !== undefined) take(one);
  };
  return (one) => {
    waiting.push(one);
    if (waiting.length === 1) turn.port2.postMessage(null);
  };
}
