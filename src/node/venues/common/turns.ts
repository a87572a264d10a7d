/**
 * Which half minute each list of the venues that are on for a new user is read again in: of the ten of five minutes, and of the 120 of
 * an hour for those that are kept so long, which take the tenth of five minutes. So a round asks for one of them (round.test.ts).
 */
export const TURNS = {
  binanceIntervals: 0,
  binanceVolumes: 1,
  bybitContracts: 2,
  okxContracts: 3,
  okxVolumes: 4,
  gateVolumes: [5, 6],
  // Of the main product they come with every poll.
  bitgetIntervals: [undefined, 7, 8],
  binanceContracts: 9,
  bitgetContracts: [19, 29, 39],
  bitgetClasses: 49,
} as const;
