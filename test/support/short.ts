/** `--short`: the same work on less data, to show that it still runs. */
export const isShort = process.argv.includes('--short');
