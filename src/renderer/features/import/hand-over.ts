import { IMPORT_PIECE_BYTES } from '#bridge/import.ts';
import type { Client } from '#bridge/client.ts';

/** Gives a file of the page to the app, piece by piece, and says what it is called there; null: `isWanted` said no meanwhile. */
export async function handOver(
  client: Pick<Client, 'call'>,
  file: File,
  { onId, onSent, isWanted }: { onId?: (id: string) => void; onSent: (share: number) => void; isWanted?: (id: string) => boolean },
): Promise<string | null> {
  const id = await client.call('import.begin', { name: file.name });
  onId?.(id);
  for (let at = 0; at < file.size; at += IMPORT_PIECE_BYTES) {
    const bytes = new Uint8Array(await file.slice(at, at + IMPORT_PIECE_BYTES).arrayBuffer());
    await client.call('import.append', { id, bytes });
    if (isWanted?.(id) === false) return null;
    onSent(Math.min(1, (at + IMPORT_PIECE_BYTES) / file.size));
  }
  return id;
}
