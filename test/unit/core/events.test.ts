import { expect, test } from 'vitest';
import { createEvents } from '#core/events.ts';
import type { Log } from '#core/ports/log.ts';

function stream() {
  const logged: string[] = [];
  const log: Log = { write: (level, area, message, detail) => logged.push(`${level} ${area} ${message} ${String(detail?.['error'])}`) };
  return { events: createEvents(log), logged };
}

test('listeners hear an event at once, in the order in which they subscribed', () => {
  const { events } = stream();
  const heard: string[] = [];
  events.on('stored', ({ instrument }) => heard.push(`first ${instrument}`));
  events.on('closed', ({ instrument }) => heard.push(`closed ${instrument}`));
  events.on('stored', ({ instrument }) => heard.push(`second ${instrument}`));
  events.emit('stored', { instrument: 'a:B', recent: true, changedFrom: 0 });
  expect(heard).toEqual(['first a:B', 'second a:B']);
});

test('a listener that throws costs itself and is logged', () => {
  const { events, logged } = stream();
  const heard: string[] = [];
  events.on('tick', () => {
    throw new Error('no such row');
  });
  events.on('tick', () => heard.push('the other'));
  events.emit('tick', null);
  expect(heard).toEqual(['the other']);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toMatch(/^error app a listener to tick failed Error: no such row/u);
});

test('a listener that unsubscribes or subscribes while an event goes round changes the next one, not this one', () => {
  const { events } = stream();
  const heard: string[] = [];
  const stop = events.on('tick', () => {
    stop();
    events.on('tick', () => heard.push('new'));
    heard.push('once');
  });
  events.on('tick', () => heard.push('stays'));
  events.emit('tick', null);
  expect(heard).toEqual(['once', 'stays']);
  events.emit('tick', null);
  expect(heard).toEqual(['once', 'stays', 'stays', 'new']);
});

test('an event may be told while another goes round', () => {
  const { events } = stream();
  const heard: string[] = [];
  events.on('polled', () => events.emit('health', null));
  events.on('health', () => heard.push('health'));
  events.on('polled', () => heard.push('polled'));
  events.emit('polled', { venue: 'a', whole: true });
  expect(heard).toEqual(['health', 'polled']);
});
