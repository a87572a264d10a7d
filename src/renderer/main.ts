import './zod-config.ts';
import './theme/base.css';
import { createClient } from '#bridge/client.ts';
import { mount } from 'svelte';
import App from './app/App.svelte';
import { takeNotationFrom } from './format/notation.ts';
import { AppState } from './state/app-state.svelte.ts';
import { PageNotation } from './state/page-notation.svelte.ts';
import { PageTheme } from './state/page-theme.svelte.ts';
import { pickTransport } from './transports/pick.ts';
import { showUnseen } from './ui/show-unseen.ts';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
showUnseen(document);
const pageNotation = new PageNotation();
takeNotationFrom(pageNotation);
const app = new AppState(createClient(pickTransport()));
mount(App, { target, props: { app, pageTheme: new PageTheme(document.documentElement), pageNotation } });
