import { createContext } from 'svelte';
import type { AppState } from './app-state.svelte.ts';
import type { Look } from './look.svelte.ts';

export const [getApp, setApp] = createContext<AppState>();
export const [getLook, setLook] = createContext<Look>();
