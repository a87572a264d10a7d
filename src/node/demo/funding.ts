import type { Contract } from './contracts.ts';
import { keyOf, unit } from './noise.ts';
import { CLAMP, INTEREST_8H, type Process } from './process.ts';

const HOUR = 3_600_000;
/** The premium is sampled this often over the interval. */
const STEP = 300_000;
/** No venue stamps a settlement later than that after it. */
const LATEST_STAMP_MS = 60_000;

export interface Settlement {
  /** The whole hour. */
  readonly at: number;
  /** As the venue writes it, late by some milliseconds. */
  readonly stamp: number;
  readonly rate: number;
  /** Mean premium over the interval, from which the rate follows. */
  readonly premium: number;
}

/** Start of the interval that holds `t`. */
function intervalStart(contract: Contract, t: number): number {
  const [length, first] = [contract.intervalAt(t) * HOUR, (contract.countedFromH ?? 0) * HOUR];
  return Math.floor((t - first) / length) * length + first;
}

export const nextFundingAt = (contract: Contract, t: number): number => intervalStart(contract, t) + contract.intervalAt(t) * HOUR;

/**
 * F = clamp((P + clamp(I' - P, -d, +d)) / k, floor, cap), decimal per interval (domain: theoretical rate); P is the mean
 * premium, weighted 1..n where the venue weighs it so. A formula that divides has k = 8/h, another scales the interest instead.
 */
function fundingOver(process: Process, contract: Contract, start: number, hours: number, until: number): { rate: number; premium: number } {
  const { cap, divides, weighting, interestPer8h = INTEREST_8H, clamp = CLAMP } = contract.traits;
  const samples = Math.min((hours * HOUR) / STEP, Math.max(1, Math.floor((until - start) / STEP + 0.5)));
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < samples; i++) {
    const weight = weighting === 'rising' ? i + 1 : 1;
    sum += weight * process.premium(contract, start + (i + 0.5) * STEP);
    weights += weight;
  }
  const premium = sum / weights;
  const interest = divides ? interestPer8h : (interestPer8h * hours) / 8;
  const k = divides ? 8 / hours : 1;
  const rate = (premium + Math.min(clamp, Math.max(-clamp, interest - premium))) / k;
  return { rate: Math.min(cap, Math.max(-cap, rate)), premium };
}

/** Running estimate at `t` for the interval in progress; at its end it is the settled rate. */
export function runningRate(process: Process, contract: Contract, t: number): number {
  const hours = contract.intervalAt(t);
  return fundingOver(process, contract, intervalStart(contract, t), hours, t).rate;
}

/** How late a venue stamps the settlement of hour `at`, ms. */
const jitter = (contract: Contract, at: number): number =>
  contract.traits.stampedAfterMs(unit(keyOf(contract.venue, contract.symbol, 'jitter'), at / HOUR));

/** A venue posts a settlement some seconds after it happened. */
const postedAfterMs = (contract: Contract, at: number): number =>
  contract.traits.postedAfterMs + 9000 * unit(keyOf(contract.venue, 'posted'), at / HOUR) ** 3;

/** Settlements with stamps in [from, to] that are posted by `now`, ascending. */
export function* settlements(process: Process, contract: Contract, from: number, to: number, now: number): Generator<Settlement> {
  const end = Math.min(to, now, contract.delistedAt);
  let start = Math.max(from - LATEST_STAMP_MS, contract.listedAt);
  for (let at = nextFundingAt(contract, start); at <= end; start = at, at = nextFundingAt(contract, at)) {
    const stamp = at + jitter(contract, at);
    if (stamp < from || stamp > to || at + postedAfterMs(contract, at) > now) continue;
    const hours = contract.intervalAt(start);
    yield { at, stamp, ...fundingOver(process, contract, at - hours * HOUR, hours, at) };
  }
}
