import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from './terminal.ts';

test('a history that a newer version wrote is shown, with one sentence that says why nothing is recorded and what to do', async ({
  terminal,
}) => {
  // All rows of the list are in sight, with the sentence above them too.
  await terminal.page.setViewportSize({ width: 1440, height: 2600 });
  await terminal.start();
  await terminal.whole();
  await terminal.drawn();
  const ids = await terminal.ids();
  await terminal.stop();
  const db = new Database(join(terminal.dataDir, 'demo/demo.sqlite'));
  const version = Number(db.pragma('user_version', { simple: true }));
  db.prepare("UPDATE meta SET value = ? WHERE name = 'least_reader'").run(version);
  db.pragma(`user_version = ${version + 1}`);
  db.close();

  await terminal.start();
  const { page } = terminal;
  const sentence = /A newer Perpscope recorded the history.+records nothing.+install the newer version/u;
  await expect(page.getByRole('status').filter({ hasText: sentence })).toBeVisible();
  await terminal.drawn();
  expect(await terminal.ids()).toEqual(ids);
  await expect(terminal.cell(ids[0] ?? '', 'd')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('newer-history.png') });
  // What is the person's is theirs to change.
  await page.getByRole('radio', { name: 'APR' }).click();
  await expect(page.getByRole('columnheader', { name: 'Rate' })).toContainText('% APR');
});
