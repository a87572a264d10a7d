/** `npm run soak`: how often intervals of the evidence hold the truth, and how often chance is called paid. Numbers: series, rules. */
import { coverageOf, paidByChance } from '../support/chance-series.ts';

const [series = 1000, rules = 200] = process.argv.slice(2).map(Number);
const DRAWS = 2000;
const SHIFTS = 1000;
const HELD = { least: 0.93, most: 0.97 };
const MOST_PAID = 0.08;

let failed = false;
for (const n of [40, 67, 200, 500]) {
  const held = coverageOf(series, n, DRAWS);
  // Of shorter series the measured coverage is told beside the interval instead.
  const isHeld = n < 500 || (held >= HELD.least && held <= HELD.most);
  failed ||= !isHeld;
  console.log(
    `${n} events, autocorrelation 0.3: 95 % intervals hold the truth in ${(100 * held).toFixed(1)} % of ${series} series${isHeld ? '' : ' (93 to 97 is asked)'}`,
  );
}
const paid = paidByChance(rules, { draws: DRAWS, shifts: SHIFTS });
failed ||= paid > MOST_PAID * rules;
console.log(`${paid} of ${rules} rules of chance are called paid (at most ${Math.floor(MOST_PAID * rules)} are allowed)`);
process.exitCode = failed ? 1 : 0;
