import type { Locator, Page } from '@playwright/test';
import { FOLDER_VENUES } from '#test/support/demo-folder.ts';
import { startHookServer } from '#test/support/hook-server.ts';
import { expect, test, type Terminal } from './terminal.ts';

const editorOf = ({ page }: Terminal, name = 'New alert'): Locator => page.getByRole('dialog', { name });
const panelOf = ({ page }: Terminal): Locator => page.getByRole('region', { name: 'Alerts' });

async function started(terminal: Terminal, demoSpeed = 1): Promise<void> {
  await terminal.start({ demoSpeed });
  await terminal.openList('AI tokens');
  await terminal.pick('binance:TAOUSDT');
  await terminal.drawn();
  await terminal.grid.focus();
}

/** All that the messages say from now on: one is gone after seconds, and a busy machine looks late. */
async function messages(page: Page): Promise<() => Promise<string>> {
  const said = await page.getByRole('log', { name: 'Messages' }).evaluateHandle((log) => {
    const kept: string[] = [];
    new MutationObserver(() => kept.push(log.textContent)).observe(log, { childList: true, subtree: true, characterData: true });
    return kept;
  });
  return async () => (await said.jsonValue()).join('\n');
}

test('an alert on a whole list is made from here, enters, stays in the log, and is there after a restart', async ({ terminal }) => {
  // An hour passes in a quarter of a minute, whether a busy machine has read its history by then or not: an entry may be hours away.
  await started(terminal, 240);
  const { page } = terminal;
  // Every venue has filled the list.
  await expect(page.locator('footer [data-venue][data-state="healthy"]')).toHaveCount(FOLDER_VENUES.length);
  const listed = Number(await terminal.grid.getAttribute('aria-rowcount'));
  expect(listed).toBeGreaterThan(FOLDER_VENUES.length);
  await page.keyboard.press('a');
  const editor = editorOf(terminal);
  const level = editor.getByRole('textbox', { name: 'Level' });
  await expect(level).toHaveValue('0.4');
  await expect(level).toBeFocused();
  await expect(editor.locator('[data-test="would-fire"]')).toHaveText(/^\d+$/u);

  // What cannot be used says why beside it, and nothing can be made of it.
  await level.fill('much');
  await expect(editor.getByText('is not a number. Enter a level')).toBeVisible();
  await expect(editor.getByRole('button', { name: 'Create alert' })).toBeDisabled();
  await editor.getByRole('button', { name: /^Use 95th percentile/u }).click();
  await expect(level).toHaveValue(/^0\.\d+$/u);
  const fired = async (): Promise<number> => Number(await editor.locator('[data-test="would-fire"]').textContent());
  await expect.poll(fired).toBeGreaterThan(0);
  const rare = await fired();
  await level.fill('0.03');
  await editor.getByRole('textbox', { name: 'For' }).fill('1');
  await expect.poll(fired).toBeGreaterThan(rare);

  const told = await messages(page);
  await editor.getByRole('radio', { name: 'All in list' }).click();
  await editor.getByRole('textbox', { name: 'Name' }).fill('Leaving');
  await page.keyboard.press('Enter');
  await expect(editor).toBeHidden();

  const panel = panelOf(terminal);
  const rule = panel.getByRole('button', { name: /^Edit Leaving on AI tokens/u });
  await expect(rule).toContainText(new RegExp(`of ${listed}(?:, \\d+ stale)?$`, 'u'));
  // Signals of the threshold stand in the log too.
  const entry = panel.locator('.entry', { hasText: 'Leaving' }).first();
  await expect(entry).toContainText(/EMA divergence, n 12 [+\u2212]0\.\d{4} %\/8h$/u, { timeout: 400_000 });
  await expect.poll(told).toContain('Leaving');
  const bells = terminal.grid.getByRole('img', { name: 'alert' });
  await expect(bells.first()).toBeVisible();
  const title = await entry.getAttribute('title');
  await entry.click();
  await expect(page.locator('[data-id][aria-selected="true"]')).toHaveCount(1);

  await terminal.stop();
  // Nothing more is waited for: in the market's own time.
  await terminal.start();
  await page.getByRole('tab', { name: 'Alerts' }).click();
  await expect(rule).toContainText(new RegExp(`of ${listed}(?:, \\d+ stale)?$`, 'u'));
  await expect(panel.locator(`.entry[title="${title}"]`)).toHaveCount(1);

  // Off, edited and gone; the log stays.
  await panel.getByRole('switch', { name: 'Leaving: on' }).click();
  await expect(rule).toContainText('off');
  await expect(bells).toHaveCount(0);
  await rule.click();
  await editorOf(terminal, 'Edit the alert').getByRole('textbox', { name: 'Name' }).fill('Left');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('button', { name: /^Edit Left/u })).toBeVisible();
  await panel.getByRole('button', { name: 'Delete Left' }).click();
  await expect(panel.getByText('No alerts of your own yet.')).toBeVisible();
  await expect(panel.locator(`.entry[title="${title}"]`)).toHaveCount(1);
});

test('a webhook is typed, tried and kept with its secret, and is posted what an alert tells', async ({ terminal }) => {
  const hook = await startHookServer();
  try {
    await started(terminal, 240);
    const { page } = terminal;
    await page.getByRole('tab', { name: 'Alerts' }).click();
    const open = panelOf(terminal).getByRole('button', { name: 'Webhook' });
    await open.click();
    const dialog = page.getByRole('dialog', { name: 'Webhook' });
    const address = dialog.getByRole('textbox', { name: 'Address' });
    const secret = dialog.getByRole('textbox', { name: 'Secret' });
    await expect(address).toBeFocused();
    await address.fill('http://hooks.example.com/perpscope');
    await expect(dialog.getByText('is reached over https alone')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
    await address.fill(hook.url);
    await expect(dialog.getByText('Make or type a secret')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Test' })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Make one' }).click();
    await expect(secret).toHaveValue(/^[0-9a-f]{64}$/u);
    hook.answer = 404;
    await dialog.getByRole('button', { name: 'Test' }).click();
    await expect(dialog.getByRole('status')).toHaveText('It answered 404: there is nothing at this address.');
    hook.answer = 200;
    await dialog.getByRole('button', { name: 'Test' }).click();
    await expect(dialog.getByRole('status')).toHaveText(/^It answered 200 in \d+ ms\.$/u);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();

    await terminal.grid.focus();
    await page.keyboard.press('a');
    const editor = editorOf(terminal);
    await editor.getByRole('textbox', { name: 'Level' }).fill('0.03');
    await editor.getByRole('textbox', { name: 'For' }).fill('1');
    await editor.getByRole('radio', { name: 'All in list' }).click();
    await editor.getByRole('textbox', { name: 'Name' }).fill('Leaving');
    await page.keyboard.press('Enter');
    await expect(editor).toBeHidden();
    const titles = (): string[] => hook.asked.map(({ body }) => (JSON.parse(body) as { title: string }).title);
    await expect.poll(() => titles().filter((title) => title.includes('Leaving')).length, { timeout: 400_000 }).toBeGreaterThan(0);

    // After a restart it is there, and its secret is not shown.
    await terminal.stop();
    await terminal.start({ demoSpeed: 1 });
    await page.getByRole('tab', { name: 'Alerts' }).click();
    await open.click();
    await expect(address).toHaveValue(hook.url);
    await expect(secret).toHaveValue('');
    await expect(dialog.getByText('webhook-secret.json of your data folder')).toBeVisible();
    await dialog.getByRole('button', { name: 'Test' }).click();
    await expect(dialog.getByRole('status')).toHaveText(/^It answered 200 in \d+ ms\.$/u);
    await address.fill('');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    await open.click();
    await expect(address).toHaveValue('');
    await expect(dialog.getByText('It is kept in webhook-secret.json')).toBeVisible();
  } finally {
    await hook.close();
  }
});

test('any metric can be looked at, several at once, with its own parameters and unit', async ({ terminal }) => {
  await started(terminal);
  const { page } = terminal;
  await page.keyboard.press('a');
  const editor = editorOf(terminal);
  await editor.getByTitle('Choose another metric').click();
  const picker = page.getByRole('dialog', { name: 'What the alert looks at' });
  await picker.getByRole('combobox').fill('Volatility-adjusted score');
  await expect(picker.getByRole('option').first()).toContainText('Volatility-adjusted score');
  await page.keyboard.press('Enter');
  await expect(picker).toBeHidden();
  await expect(editor).toBeVisible();
  await expect(editor.getByText('settlements in a row')).toBeVisible();
  // A level that is not typed begins where the rare values do.
  const level = editor.getByRole('textbox', { name: 'Level' });
  await expect(level).toHaveValue(/^\d+(?:\.\d+)?$/u);
  await editor.locator('[data-param="w"]').fill('12');
  await page.keyboard.press('Enter');

  await editor.getByRole('button', { name: 'Add condition' }).click();
  const second = editor.getByRole('group', { name: 'Condition 2 of 2' });
  await expect(second).toContainText('%/8h');
  await second.getByTitle('Choose another metric').click();
  await picker.getByRole('combobox').fill('Regime');
  await expect(picker.getByRole('option').first()).toContainText('Regime');
  await page.keyboard.press('Enter');
  await second.getByRole('combobox', { name: 'Level' }).selectOption({ label: 'new longs' });
  await expect(editor.getByText(/closed hours? in a row/u)).toBeVisible();
  await expect(editor.getByRole('textbox', { name: 'Name' })).toHaveAttribute('placeholder', /score, w 12.* and Regime.* is new longs/u);
  await editor.getByRole('button', { name: 'Create alert' }).click();
  await expect(editor).toBeHidden();
  const rule = panelOf(terminal).getByRole('button', { name: /^Edit .*Regime/u });
  await expect(rule).toContainText(/quiet|active|building|no data/u);

  // The unit of a level follows the screen's; the alert stays what it is.
  await rule.click();
  const edit = editorOf(terminal, 'Edit the alert');
  await expect(edit.locator('[data-param="w"]')).toHaveValue('12');
  await edit.getByRole('button', { name: 'Remove condition 2' }).click();
  // What was changed is not thrown away by one key.
  await page.keyboard.press('Escape');
  await expect(edit.getByText('Press Escape again to discard it.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(edit).toBeHidden();
  await rule.focus();
  await page.keyboard.press('Delete');
  await expect(rule).toHaveCount(0);
  await page.getByRole('log', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).click();
  await expect(rule).toBeVisible();
});
