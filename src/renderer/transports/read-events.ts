/**
 * Reads a body of text/event-stream to its end: `tell` for each event, `onLife` for a sign of life between them. EventSource could not say the page's
 * key, nor tell a dead connection from a quiet one. It reads on once `tell` has resolved: the host lets go of a page that stays behind.
 */
export async function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  tell: (name: string, text: string) => Promise<void>,
  onLife: () => void,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  /** Pieces of the block that is not yet whole: joined once, for a block may come in many. */
  let begun: string[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    begun.push(value);
    // Where the blank line itself came in two pieces it is found in the joined text.
    if (!value.includes('\n')) continue;
    const blocks = begun.join('').split('\n\n');
    begun = [blocks.pop() ?? ''];
    for (const block of blocks) {
      const [, name, text] = /^event: ([^\n]*)\ndata: (.*)$/su.exec(block) ?? [];
      if (name === undefined || text === undefined) onLife();
      else await tell(name, text);
    }
  }
}
