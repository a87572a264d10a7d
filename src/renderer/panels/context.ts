import { createContext } from 'svelte';
import type { PanelHost } from './host.svelte.ts';

export const [getPanels, setPanels] = createContext<PanelHost>();
