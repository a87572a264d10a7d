import { getContext, setContext } from 'svelte';

type Says = () => string | null;
const KEY = Symbol('of now');

/** What the dialog that is open shows of now, while the window stands in the past; null: nothing. */
export const setOfNow = (says: Says): void => void setContext(KEY, says);
export const getOfNow = (): Says => getContext<Says | undefined>(KEY) ?? ((): null => null);
