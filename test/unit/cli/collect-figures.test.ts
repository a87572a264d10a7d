import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCollect } from '../../../src/cli/collect.ts';
import { figuresAt } from '../../../src/cli/collect-figures.ts';
import { exposition } from '../../../src/cli/exposition.ts';

const dir = mkdtempSync(join(tmpdir(), 'perpscope-figures-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** With a `Host` of one's choice, which fetch does not let through. */
function get(port: number, path: string, host = `127.0.0.1:${port}`, method = 'GET') {
  return new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers: { host }, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', text }));
    })
      .on('error', reject)
      .end();
  });
}

// https://prometheus.io/docs/instrumenting/exposition_formats: label values escape \, " and line feed; help escapes \ and line feed.
test('the text format, as it is documented', () => {
  const samples = [{ labels: { path: 'C:\\DIR\\FILE.TXT', error: 'Cannot find file:\n"FILE.TXT"' }, value: 1.458255915e9 }];
  expect(
    exposition([
      { name: 'msdos_file_access_time_seconds', kind: 'gauge', help: 'Of \\ and\nlines.', samples },
      { name: 'nothing', kind: 'gauge', help: 'Of which there is no sample.', samples: [] },
      { name: 'metric_without_labels', kind: 'counter', help: 'One.', samples: [{ value: 12.47 }] },
      { name: 'odd', kind: 'gauge', help: 'Two.', samples: [{ value: NaN }, { value: -Infinity }] },
    ]),
  ).toBe(
    [
      '# HELP msdos_file_access_time_seconds Of \\\\ and\\nlines.',
      '# TYPE msdos_file_access_time_seconds gauge',
      'msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1458255915',
      '# HELP metric_without_labels One.',
      '# TYPE metric_without_labels counter',
      'metric_without_labels 12.47',
      '# HELP odd Two.',
      '# TYPE odd gauge',
      'odd NaN',
      'odd -Inf',
      '',
    ].join('\n'),
  );
});

test('it listens on this machine alone', () => {
  expect(figuresAt('127.0.0.1:9464')).toEqual({ host: '127.0.0.1', port: 9464 });
  expect(figuresAt('[::1]:9464')).toEqual({ host: '::1', port: 9464 });
  for (const open of ['0.0.0.0:9464', '192.168.1.4:9464', ':9464', '9464', '127.0.0.1', '127.0.0.1:70000', '127.0.0.1:0', '[::]:9464'])
    expect(() => figuresAt(open), open).toThrow("a port of this machine's loopback");
});

test('a collector’s figures, while it records and no longer', async () => {
  const port = await freePort();
  const ending = new AbortController();
  const answers: Promise<Awaited<ReturnType<typeof get>>>[] = [];
  const io = {
    read: () => Promise.reject(new Error('nothing is read')),
    out: (text: string) => {
      if (answers.length > 0 || !text.includes('"event":"polled"')) return;
      answers.push(
        get(port, '/metrics'),
        get(port, '/'),
        get(port, '/metrics', 'a.page.example'),
        get(port, '/metrics', undefined, 'POST'),
      );
      void Promise.allSettled(answers).then(() => ending.abort());
    },
    err: () => undefined,
  };
  const args = ['--data-dir', dir, '--demo', '--venue', 'binance', '--json', '--metrics', `127.0.0.1:${port}`];
  expect(await runCollect(args, io, ending.signal)).toBe(0);
  const [metrics, other, named, posted] = await Promise.all(answers);
  expect(metrics).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
  expect(metrics?.text).toMatch(/^perpscope_venue_healthy\{venue="binance"\} 1$/mu);
  expect(metrics?.text).toMatch(/^perpscope_venue_polls_total\{venue="binance"\} [1-9]\d*$/mu);
  expect(metrics?.text).toMatch(/^perpscope_venue_last_answer_timestamp_seconds\{venue="binance"\} 1[78]\d{8}(?:\.\d+)?$/mu);
  expect(metrics?.text).toMatch(/^perpscope_failed_writes 0$/mu);
  // In the text format every line is a comment or a sample.
  for (const line of metrics?.text.trimEnd().split('\n') ?? [])
    expect(line).toMatch(/^(?:# (?:HELP|TYPE) \S+ .+|[a-z_]+(?:\{[^}]*\})? \S+)$/u);
  expect([other?.status, named?.status, posted?.status]).toEqual([404, 403, 405]);
  await expect(get(port, '/metrics')).rejects.toThrow('ECONNREFUSED');
});
