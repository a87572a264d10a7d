import './zod-config.ts';
import './theme/base.css';
import { createClient } from '#bridge/client.ts';
import { mount } from 'svelte';
import App from './app/App.svelte';
import { AppState } from './state/app-state.svelte.ts';
import { PageTheme } from './state/page-theme.svelte.ts';
import { pickTransport } from './transports/pick.ts';
import { showUnseen } from './ui/show-unseen.ts';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
showUnseen(document);
mount(App, { target, props: { app: new AppState(createClient(pickTransport())), pageTheme: new PageTheme(document.documentElement) } });
