import { createContext } from 'svelte';
import type { CalculatorSession } from './session.svelte.ts';

/** What is typed outlives the panel: it is provided where the page starts. */
export const [getSession, setSession] = createContext<CalculatorSession>();
