import { readFile } from 'node:fs/promises';
import { expect, test } from './terminal.ts';

test('explorer: each view of the stored past, a point opens its audit, and what is shown leaves as a file', async ({ terminal }) => {
  const { page } = terminal;
  await terminal.start();
  await terminal.drawn();
  await page.keyboard.press('x');
  const panel = page.getByRole('region', { name: 'Explorer' });
  const chart = panel.getByRole('application');
  await expect.poll(async () => Number(await chart.getAttribute('data-points'))).toBeGreaterThan(100);
  // A point of the chart, by mouse, then by keys.
  await chart.click({ position: { x: 200, y: 80 } });
  const audit = page.locator('.audit');
  await expect(audit).toContainText('Funding');
  await page.keyboard.press('Escape');
  await expect(audit).toHaveCount(0);
  const view = (name: string) => panel.getByRole('radio', { name, exact: true }).click();
  await view('Distribution');
  await expect(panel.getByRole('table', { name: 'Percentiles' })).toContainText('median');
  await view('Week');
  await expect(panel.getByRole('table', { name: /UTC/u }).getByRole('row')).toHaveCount(8);
  await view('Extremes');
  await panel.getByRole('table', { name: 'Greatest' }).getByRole('button').first().click();
  await expect(audit).toContainText('Funding');
  await page.keyboard.press('Escape');
  await view('Cumulative');
  await expect.poll(async () => Number(await chart.getAttribute('data-points'))).toBeGreaterThan(10);
  await view('Settlements');
  await expect(panel.getByRole('status').last()).toContainText(/A long of 10000\s+\S+, opened at the mark .*you (?:paid|received)/u);
  const table = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Table as CSV' }).click();
  const csv = await readFile(await (await table).path(), 'utf8');
  expect(csv.split('\n')[0]).toMatch(
    /^time \(UTC\),rate \(per interval\),interval_h \(h\),mark_price \(\S+\),mark_of,"payment \(\S+, derived\)"$/u,
  );
  expect(csv.split('\n').length).toBeGreaterThan(20);
  await view('Lines');
  for (const [name, head] of [
    ['Chart as PNG', '\u0089PNG'],
    ['Chart as SVG', '<svg'],
    ['Settlements as Parquet', 'PAR1'],
  ] as const) {
    const download = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name }).click();
    expect((await readFile(await (await download).path(), 'latin1')).slice(0, head.length)).toBe(head);
  }
  await view('Spread');
  await expect(panel).toContainText('A spread needs two instruments');
});
