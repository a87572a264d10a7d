/** What `?` shows. The handlers stand in App.svelte, Watchlist.svelte and ChartPanel.svelte. */
export const keySheet: readonly { title: string; keys: readonly { keys: readonly string[]; does: string }[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      { keys: ['Ctrl', 'K'], does: 'Search instruments and commands' },
      { keys: ['/'], does: 'Filter the watchlist' },
      { keys: ['+'], does: 'Add an instrument' },
      { keys: ['u'], does: 'Next unit' },
      { keys: ['z'], does: 'UTC or local time' },
      { keys: ['['], does: 'Shorter range' },
      { keys: [']'], does: 'Longer range' },
      { keys: ['c'], does: 'Columns of the watchlist' },
      { keys: ['p'], does: 'Lower pane of the chart' },
      { keys: ['m'], does: 'Matrix of assets and venues' },
      { keys: ['t'], does: 'Edit the threshold' },
      { keys: ['a'], does: 'New alert from here' },
      { keys: ['s'], does: 'Position size' },
      { keys: ['l'], does: 'Liquidation estimate' },
      { keys: ['f'], does: 'Funding over a hold' },
      { keys: ['k'], does: 'Carry' },
      { keys: ['j'], does: 'Scenarios and open positions' },
      { keys: ['o'], does: 'Chart in its own window' },
      { keys: ['?'], does: 'This sheet' },
    ],
  },
  {
    title: 'Watchlist',
    keys: [
      { keys: ['\u2191', '\u2193'], does: 'Select a row' },
      { keys: ['\u2190', '\u2192'], does: 'Explain a cell' },
      { keys: ['e'], does: 'Where the value comes from' },
      { keys: ['Home', 'End'], does: 'First or last row' },
      { keys: ['PgUp', 'PgDn'], does: 'A page up or down' },
      { keys: ['Enter'], does: 'Go to the chart' },
      { keys: ['Alt', '\u2191\u2193'], does: 'Move the row' },
      { keys: ['Del'], does: 'Remove from the list' },
    ],
  },
  {
    title: 'Calculators',
    keys: [
      { keys: ['\u2191', '\u2193'], does: 'The last digit up or down' },
      { keys: ['Shift', '\u2191\u2193'], does: 'Ten of it' },
      { keys: ['Esc'], does: 'Back to what is live, then back to the chart' },
    ],
  },
  {
    title: 'Chart',
    keys: [
      { keys: ['\u2190', '\u2192'], does: 'Read hour by hour' },
      { keys: ['Shift', '\u2190\u2192'], does: 'Move in time' },
      { keys: ['+', '\u2212'], does: 'Zoom' },
      { keys: ['e'], does: 'Where the value comes from' },
      { keys: ['0'], does: 'Whole range, following the clock' },
      { keys: ['Esc'], does: 'Back to the watchlist' },
    ],
  },
];
