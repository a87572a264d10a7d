/** What was asked cannot be done as asked; `message` says what to ask instead. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** No name is longer; comparing costs the product of both lengths. */
const LONGEST = 100;

/** Those of `known` that are most like the mistyped word, best first: a beginning, a part, or a few letters off. */
export function near(word: string, known: readonly string[], most = 5): string[] {
  const asked = word.slice(0, LONGEST).toLowerCase();
  const rank = (name: string): number => {
    const lower = name.toLowerCase();
    return lower.startsWith(asked) ? 0 : lower.includes(asked) ? 1 : 2 + editDistance(asked, lower);
  };
  const ranked = known.map((name) => ({ name, rank: rank(name) })).filter((one) => one.rank <= 2 + Math.max(2, asked.length / 3));
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map((one) => one.name);
}

function editDistance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (before[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = row;
  }
  return before[b.length] ?? 0;
}
