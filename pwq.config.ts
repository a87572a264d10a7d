import base from './playwright.config.ts';
export default { ...base, timeout: 900_000, expect: { timeout: 90_000 }, outputDir: '/tmp/pw-out-me2', workers: 1 };
