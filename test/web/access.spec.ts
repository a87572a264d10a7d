import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { views } from './panel-list.ts';
import { expect, test } from './terminal.ts';

const THEMES = ['dark', 'light', 'contrast'];
/** What a theme can change; the rest stands in the page whatever its colours are. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/** What axe finds wrong in a part of the page, in each theme, a line each. The page's style sheet takes the theme from its root. */
async function faults(page: Page, part: string, where: string): Promise<string[]> {
  const found: string[] = [];
  for (const theme of THEMES) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    const axe = new AxeBuilder({ page }).include(part).setLegacyMode();
    const { violations, passes } = await (theme === THEMES[0] ? axe : axe.withRules(OF_COLOUR)).analyze();
    if (passes.length === 0) found.push(`${where}, ${theme}: nothing was looked at`);
    for (const { id, nodes } of violations)
      for (const { target, any } of nodes)
        found.push(`${where}, ${theme}: ${id} ${target.join(' ')} ${any.map(({ message }) => message).join('; ')}`);
  }
  return found;
}

async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or command' }).fill(title);
  await page.getByRole('option', { name: title }).first().click();
}

test.describe('in one app', () => {
  test.use({ app: 'shared' });

  test('every view can be read and worked without a mouse or a sharp eye, in three themes', async ({ terminal }) => {
    const { page } = terminal;
    await terminal.start();
    await terminal.whole();
    // Colours are those of the end, not of a step between two themes.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    // What dockview draws over panels, a host for floating ones (there are none) and lines between groups: axe judges no colour of what lies below it.
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('.dv-floating-overlay-host { visibility: hidden } .dv-view::before { display: none !important }');
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    });
    const found: string[] = [];
    for (const { title, says, place, isInner } of views()) {
      if (isInner) continue;
      await command(page, `${title}: ${says}`);
      if (place === 'dialog') {
        await expect(page.getByRole('dialog')).toBeVisible();
        found.push(...(await faults(page, 'dialog[open]', title)));
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
        continue;
      }
      const group = page.locator('.dv-groupview.dv-active-group');
      await expect(group.locator('.dv-active-tab', { hasText: title })).toBeVisible();
      const pages = group.getByRole('radiogroup', { name: /^(?:Calculator|View)$/u }).getByRole('radio');
      for (const name of [null, ...(await pages.allTextContents())]) {
        if (name !== null) await pages.getByText(name, { exact: true }).click();
        found.push(...(await faults(page, '.dv-groupview.dv-active-group', `${title} ${name ?? ''}`)));
      }
    }
    found.push(...(await faults(page, 'body', 'page')));
    expect(found).toEqual([]);
  });
});
