import type { Note } from '#bridge/note.ts';

/**
 * Notes that hold every word of the text somewhere (instrument, its name, text, scenario), a word that begins with # only among
 * their tags; in the order in which they came.
 */
export function notesWith(notes: readonly Note[], text: string, nameOf: (id: string) => string): readonly Note[] {
  const words = text
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '' && word !== '#');
  if (words.length === 0) return notes;
  return notes.filter((note) => {
    const { instrument, tags, scenario } = note;
    const all = [note.text, instrument ?? '', instrument === null ? '' : nameOf(instrument), scenario?.name ?? '', ...tags]
      .join(' ')
      .toLowerCase();
    return words.every((word) => (word.startsWith('#') ? tags.some((tag) => tag.startsWith(word.slice(1))) : all.includes(word)));
  });
}

/** Tags of the notes with how many have each, the most used first. */
export function tagsOf(notes: readonly Note[]): readonly (readonly [tag: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { tags } of notes) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
