import type { Instrument } from '../instrument.ts';
import { shown } from './cells.ts';
import type { Facts, ImportWishes, Question } from './plan.ts';
import { instrumentNamed, knownAs, sameName } from './symbols.ts';

/** A venue as files and people name it. */
export interface VenueName {
  readonly id: string;
  readonly name: string;
  /** It writes 1000 PEPE as kPEPE. */
  readonly kPrefix?: boolean | undefined;
}

export interface Targets {
  /** By name in the file, '' where no column says one. */
  readonly targets: ReadonlyMap<string, Instrument>;
  readonly questions: readonly Question[];
  readonly notes: readonly string[];
}

/** An id of a venue is a short lower-case slug. */
const SLUG = /^[a-z][a-z0-9-]{0,39}$/u;
/** A symbol as a venue spells it: no blanks, and no slash, with which ccxt spells them. */
const PLAIN = /^[^\s/:]{1,60}(?::[^\s/:]{1,60})?$/u;
const MANY = 20;

/** Which instruments the rows of a file are of: as the person says, else as its columns and its name do. `known`: those of the history. */
export function targetsOf(facts: Facts, wishes: ImportWishes, known: readonly Instrument[], venues: readonly VenueName[]): Targets {
  const questions: Question[] = [];
  const notes: string[] = [];
  const ask = (field: keyof ImportWishes, text: string, choices: Question['choices'] = []): void =>
    void questions.push({ field, text, choices });
  const venue = venueOf(facts, wishes, venues, ask, notes);
  const named = namesOf(facts, wishes, ask);
  const targets = new Map<string, Instrument>();
  if (venue === null) return { targets, questions, notes };
  const ofVenue = known.filter((one) => one.venue === venue.id);
  const unclear: string[] = [];
  for (const { name, symbol, isSaid } of named) {
    const found = knownAs(symbol, ofVenue);
    if (found !== null) {
      if (found.symbol !== name && name !== '') notes.push(`${name} is ${found.symbol}.`);
      targets.set(name, found);
      continue;
    }
    const made =
      isSaid || PLAIN.test(symbol) ? instrumentNamed(venue.id, symbol, named.length === 1 ? wishes : {}, venue.kPrefix === true) : null;
    if (made !== null) targets.set(name, made);
    else unclear.push(symbol);
  }
  const made = [...targets.values()].filter(({ id }) => !ofVenue.some((one) => one.id === id));
  if (made.length > 0)
    notes.push(
      `New here: ${made
        .slice(0, MANY)
        .map(
          ({ symbol, asset, multiplier, quote, settle, contract }) =>
            `${symbol} (${multiplier === 1 ? '' : `${multiplier} `}${asset} in ${quote}, ${contract}${settle === quote ? '' : `, settled in ${settle}`})`,
        )
        .join(', ')}${made.length > MANY ? ` and ${made.length - MANY} more` : ''}.`,
    );
  askUnclear(unclear, named.length, wishes, ask);
  return { targets, questions, notes };
}

type Ask = (field: keyof ImportWishes, text: string, choices?: Question['choices']) => void;

function venueOf(
  { venues: said }: Facts,
  { venue }: ImportWishes,
  venues: readonly VenueName[],
  ask: Ask,
  notes: string[],
): VenueName | null {
  const choices = venues.map(({ id, name }) => ({ value: id, says: name }));
  const asked = venue ?? (said.length === 1 ? said[0]?.toLowerCase() : undefined);
  if (asked === undefined) {
    ask(
      'venue',
      said.length > 1
        ? `The file tells of several venues (${said.slice(0, 5).join(', ')}). Import one file a venue.`
        : 'Which venue are the rows of?',
      choices,
    );
    return null;
  }
  const found = venues.find(({ id }) => id === asked);
  if (found !== undefined) return found;
  const near = venues.filter(({ id }) => id.startsWith(asked) || asked.startsWith(id));
  if (near.length > 0 || !SLUG.test(asked)) {
    ask(
      'venue',
      `There is no venue ${shown(asked)}.${near.length > 0 ? ` Did you mean ${near.map(({ id }) => id).join(' or ')}?` : ' Its id is a short word in small letters.'}`,
      choices,
    );
    return null;
  }
  notes.push(`Perpscope does not know the venue ${asked}: its rows are kept, and nothing is known of its formula.`);
  return { id: asked, name: asked };
}

interface Named {
  /** In the file. */
  readonly name: string;
  /** As the venue may spell it. */
  readonly symbol: string;
  /** A person spelled it. */
  readonly isSaid: boolean;
}

function namesOf({ symbols, symbolOfFile }: Facts, { symbols: said = [] }: ImportWishes, ask: Ask): Named[] {
  const renamed = new Map(
    said.flatMap((word) =>
      word.includes('=') ? [[word.slice(0, word.lastIndexOf('=')), word.slice(word.lastIndexOf('=') + 1)] as const] : [],
    ),
  );
  const plain = said.filter((word) => !word.includes('='));
  const inFile = symbols.map(([name]) => name);
  if (inFile.length === 0) {
    const symbol = plain[0] ?? symbolOfFile;
    if (plain.length > 1) ask('symbols', 'No column says which line is of which instrument: one instrument can be named.');
    if (symbol === null) ask('symbols', 'Which instrument are the rows of? Write its symbol as the venue spells it, BTCUSDT for one.');
    return symbol === null ? [] : [{ name: '', symbol, isSaid: plain.length > 0 }];
  }
  const lacking = [...plain, ...renamed.keys()].filter((word) => !inFile.some((name) => name === word || sameName(name, word)));
  if (lacking.length > 0)
    ask(
      'symbols',
      `The file holds ${inFile.slice(0, 5).join(', ')}${inFile.length > 5 ? ` and ${inFile.length - 5} more` : ''}, no ${lacking.join(', ')}. Where one is spelled otherwise, say ${inFile[0] ?? ''}=${lacking[0] ?? ''}.`,
    );
  const isWanted = (name: string): boolean => said.length === 0 || renamed.has(name) || plain.some((word) => sameName(word, name));
  return inFile.filter(isWanted).map((name) => {
    const spelled = renamed.get(name) ?? plain.find((word) => sameName(word, name));
    return { name, symbol: spelled ?? name, isSaid: spelled !== undefined };
  });
}

function askUnclear(unclear: readonly string[], of: number, { asset, quote, settle }: ImportWishes, ask: Ask): void {
  const [first] = unclear;
  if (first === undefined) return;
  if (!PLAIN.test(first)) {
    ask('symbols', `How does the venue spell ${unclear.slice(0, 5).map(shown).join(', ')}? Say ${first}=SYMBOL.`);
    return;
  }
  if (of > 1) {
    ask(
      'symbols',
      `What ${unclear.slice(0, 5).join(', ')} ${unclear.length === 1 ? 'is' : 'are'} priced and settled in is not known here. Import ${unclear.length === 1 ? 'it' : 'each'} by itself and say it.`,
    );
    return;
  }
  const moneys = ['USD', 'USDC', 'USDT'].map((value) => ({ value, says: value }));
  if (quote === undefined) ask('quote', `What is ${first} priced in?`, moneys);
  if (settle === undefined) ask('settle', `What is ${first} settled in: that money, or (an inverse contract) the coin?`);
  if (asset === undefined) ask('asset', `Which coin is ${first} on?`);
}
