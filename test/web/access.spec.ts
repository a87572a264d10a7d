import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { views } from './panel-list.ts';
import { expect, test } from './terminal.ts';

/** What axe finds wrong in a part of the page, a line each. */
async function faults(page: Page, part: string, where: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(part).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${where}: ${id} ${target.join(' ')} ${any.map(({ message }) => message).join('; ')}`),
  );
}

async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Search or command' }).fill(title);
  await page.getByRole('option', { name: title }).first().click();
}

test.describe('in one app', () => {
  test.use({ app: 'shared' });

  for (const theme of ['Dark', 'Light', 'High contrast'])
    test(`every view can be read and worked without a mouse or a sharp eye: ${theme}`, async ({ terminal }) => {
      const { page } = terminal;
      await terminal.start();
      await terminal.whole();
      // The test before may have left another panel in front of it.
      await command(page, 'Chart: funding and divergence');
      await terminal.drawn();
      await command(page, `Theme: ${theme}`);
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
