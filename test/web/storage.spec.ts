import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from './terminal.ts';

const HOUR = 3_600_000;
const OLD_HOURS = 240;

test('the size of the history opens its limits: what one would delete is shown and deleted only when confirmed', async ({ terminal }) => {
  const { page } = terminal;
  const file = join(terminal.dataDir, 'demo/demo.sqlite');
  await terminal.start();
  await terminal.drawn();
  await terminal.stop();
  // Hour closes of a hundred days ago, as a long run leaves them.
  const db = new Database(file);
  const from = Math.floor(Date.now() / HOUR) * HOUR - 100 * 24 * HOUR;
  const put = db.prepare(
    'INSERT INTO hour_cold (instrument, close, observed_at, rate, rate_min, rate_max, covered_ms) VALUES (1, ?, ?, 0, 0, 0, 0)',
  );
  for (let n = 0; n < OLD_HOURS; n += 1) put.run(from + n * HOUR, from + n * HOUR);
  db.close();
  const kept = (): number => {
    const reading = new Database(file, { readonly: true });
    const rows = reading
      .prepare('SELECT count(*) FROM hour_cold WHERE close < ?')
      .pluck()
      .get(from + OLD_HOURS * HOUR);
    reading.close();
    return Number(rows);
  };

  await terminal.start();
  const dialog = page.getByRole('dialog', { name: 'Storage' });
  const age = dialog.getByRole('textbox', { name: 'By age' });
  await page.getByRole('button', { name: /^Storage/u }).click();
  await expect(dialog).toContainText(join(terminal.dataDir, 'demo'));
  await age.fill('20');
  await age.press('Enter');
  await expect(dialog.getByText('The age in days must be at least 35.')).toBeVisible();
  await age.fill('60');
  await age.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('240 hour closes');
  await dialog.getByRole('button', { name: 'Keep them' }).click();
  await expect(age).toHaveValue('');
  expect(kept()).toBe(OLD_HOURS);
  await age.fill('60');
  await age.press('Enter');
  await dialog.getByRole('button', { name: 'Delete them' }).click();
  await expect(dialog.getByRole('alert')).toHaveCount(0);
  await expect(age).toHaveValue('60');
  expect(kept()).toBe(0);
  await expect(dialog).toContainText(/Free pages\s*\d.*, filled again before the file grows/u);
  // A limit that deletes nothing is taken at once.
  const size = dialog.getByRole('textbox', { name: 'By size of the history' });
  await size.fill('5000');
  await size.press('Enter');
  await expect(size).toHaveAttribute('aria-busy', 'false');
  await page.keyboard.press('Escape');
  await terminal.stop();
  await terminal.start();
  await page.getByRole('button', { name: /^Storage/u }).click();
  await expect(age).toHaveValue('60');
  await expect(size).toHaveValue('5000');
});

test('what is stored by kind and venue, a backup by hand, and one that is restored at the next start', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.drawn();
  await page.getByRole('button', { name: /^Storage/u }).click();
  const dialog = page.getByRole('dialog', { name: 'Storage' });
  await expect(dialog.getByRole('table', { name: 'By kind' })).toContainText(/Settled rates\s*\d/u);
  await expect(dialog.getByRole('table', { name: 'By venue' })).toContainText(/\d+ [kM]B/u);
  await expect(dialog).toContainText('what is deleted is given back to the disk by itself');
  await expect(dialog).toContainText('There is no backup yet.');
  await dialog.getByRole('button', { name: 'Back up now' }).click();
  const restore = dialog.getByRole('button', { name: /^Restore backup-/u });
  await restore.click();
  await dialog.getByRole('button', { name: 'Restore at the next start' }).click();
  await expect(dialog.getByRole('status')).toContainText('is restored when Perpscope is closed and started again');
  const days = dialog.getByRole('textbox', { name: 'Last days' });
  await days.fill('3');
  await days.press('Enter');
  await expect(days).toHaveAttribute('aria-busy', 'false');
  await terminal.stop();
  await terminal.start();
  await page.getByRole('button', { name: /^Storage/u }).click();
  await expect(dialog).toContainText(/The backup of .* was restored\. What stood there before is .*before-restore-/u);
  // As it was when the backup was made.
  await expect(days).toHaveValue('3');

  // A file of elsewhere is handed over; what is none is refused in words.
  const picker = dialog.getByLabel('Backup to restore');
  await picker.setInputFiles({ name: 'note.perpscope', mimeType: 'text/plain', buffer: Buffer.from('no backup '.repeat(1000)) });
  await expect(dialog.getByRole('alert')).toContainText('nothing was changed');
  const folder = join(terminal.dataDir, 'demo/backups');
  const [made = ''] = readdirSync(folder).filter((name) => name.startsWith('backup-'));
  await picker.setInputFiles(join(folder, made));
  await expect(dialog.getByRole('status')).toContainText(/given-.*\.perpscope is restored when Perpscope is closed and started again/u);
});
