import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Fields that a person fills in, as the screen calls them. */
const names: Readonly<Record<string, string>> = {
  theta: 'The threshold',
  k: 'The number of closes',
  n: 'The window of the average',
  name: 'The name',
  text: 'The search text',
  url: 'The address',
  filesUrl: 'The address of the files',
  pollSeconds: 'The poll interval in seconds',
  olderHistory: 'Whether older history is fetched',
  parts: 'The list',
  instrument: 'The instrument',
  ageDays: 'The age in days',
  megabytes: 'The size in MB',
  columns: 'The columns',
};

const nameOf = ({ path }: Issue): string => {
  // Of an entry the list that it stands in.
  const field = typeof path.at(-1) === 'number' ? path.at(-2) : path.at(-1);
  if (field === undefined) return 'The value';
  return (typeof field === 'string' ? names[field] : undefined) ?? `"${path.map(String).join('.')}"`;
};

const kinds: Readonly<Record<string, string>> = { number: 'a number', int: 'a whole number', string: 'text', boolean: 'yes or no' };

/** "at least 5", "above 0"; of text the number of characters, of a list the number of entries. */
function limitOf(origin: string, bound: number | bigint, least: boolean, inclusive: boolean): string {
  const of = origin === 'string' ? ' characters long' : origin === 'array' ? ' entries long' : '';
  return `${least ? (inclusive ? 'at least' : 'above') : inclusive ? 'at most' : 'below'} ${String(bound)}${of}`;
}

/** What an input must be, as the end of a sentence; never the pattern it is held against. */
export function demandOf(issue: Issue): string {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty.';
      return `must be ${limitOf(issue.origin, issue.minimum, true, issue.inclusive ?? true)}.`;
    case 'too_big':
      return `must be ${limitOf(issue.origin, issue.maximum, false, issue.inclusive ?? true)}.`;
    case 'invalid_type':
      // zod keeps the input itself out of an issue; its message tells.
      return issue.message.endsWith('received undefined')
        ? 'is missing.'
        : `must be ${kinds[issue.expected] ?? `of another kind (${issue.expected})`}.`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}.`;
    case 'invalid_format':
      if (issue.format === 'url') return 'must begin with http:// or https:// and name a host.';
      // A schema says its own pattern in words; zod's would show it.
      return issue.message.startsWith('must ') ? issue.message : 'is not written as it must be.';
    case 'unrecognized_keys':
      return `holds what is not known here: ${issue.keys.join(', ')}.`;
    case 'custom':
      return issue.message;
    default:
      return 'cannot be used.';
  }
}

/** What is wrong with an input and what would be right, for the person: the first three faults, one sentence each. */
export function badInputSentence({ issues }: z.ZodError): string {
  return issues
    .slice(0, 3)
    .map((issue) => `${nameOf(issue)} ${demandOf(issue)}`)
    .join(' ');
}
