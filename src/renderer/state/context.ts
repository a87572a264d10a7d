import { createContext } from 'svelte';
import type { AppState } from './app-state.svelte.ts';
import type { PageTheme } from './page-theme.svelte.ts';

export const [getApp, setApp] = createContext<AppState>();
export const [getPageTheme, setPageTheme] = createContext<PageTheme>();
