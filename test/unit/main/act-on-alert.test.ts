import { actOnAlert } from '#main/act-on-alert.ts';
import { expect, test } from 'vitest';

const alert = { rule: 'r1', instrument: 'binance:TAOUSDT', at: 1_700_000_000_000 };
const NOW = 1_700_000_300_000;

function appThat(refuses: string | null) {
  const asked: [string, unknown][] = [];
  const dispatch = (name: string, input: unknown) => {
    asked.push([name, input]);
    if (name === refuses)
      return Promise.resolve({ ok: false as const, error: { code: 'not-found' as const, message: 'It does not exist any more.' } });
    return Promise.resolve({ ok: true as const, value: name === 'app.info' ? { now: NOW } : null });
  };
  return { asked, app: { dispatch } };
}

test('one button acknowledges the entry, the other has its rule rest for an hour of the app\u2019s clock', async () => {
  const { app, asked } = appThat(null);
  const told: string[] = [];
  await actOnAlert(app, 'acknowledge', alert, (sentence) => told.push(sentence));
  await actOnAlert(app, 'snooze', alert, (sentence) => told.push(sentence));
  expect(asked).toEqual([
    ['alerts.acknowledge', { entries: [alert] }],
    ['app.info', {}],
    ['alerts.snooze', { id: 'r1', until: 1_700_003_900_000 }],
  ]);
  expect(told).toEqual([]);
});

test('what is refused is told', async () => {
  const { app } = appThat('alerts.snooze');
  const told: string[] = [];
  await actOnAlert(app, 'snooze', alert, (sentence) => told.push(sentence));
  expect(told).toEqual(['It does not exist any more.']);
});
