import { createContext } from 'svelte';
import type { CalculatorDesk } from './desk.svelte.ts';

/** What is typed outlives the panel: it is provided where the page starts. */
export const [getDesk, setDesk] = createContext<CalculatorDesk>();
