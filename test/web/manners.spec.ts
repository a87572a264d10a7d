import { expect, test } from './terminal.ts';

const TAO = 'binance:TAOUSDT';
const WIDE = { width: 1440, height: 900 };

test.describe('in one app', () => {
  test.use({ app: 'shared' });

  // What a browser does at a zoom: as many pixels hold another number of CSS pixels.
  for (const zoom of [0.8, 1.5])
    test(`at ${zoom * 100} % everything of the page is within its window`, async ({ terminal }) => {
      const { page } = terminal;
      const [width, height] = [Math.round(WIDE.width / zoom), Math.round(WIDE.height / zoom)];
      await page.setViewportSize({ width, height });
      await terminal.start();
      await terminal.whole();
      await terminal.drawn();
      const over = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return [scrollWidth - window.innerWidth, scrollHeight - window.innerHeight];
      });
      expect(over).toEqual([0, 0]);
      for (const part of ['.top', '.status', '.dv-groupview'])
        for (const one of await page.locator(part).all()) {
          const box = await one.boundingBox();
          if (box === null) throw new Error(`${part} is not drawn`);
          expect(box.x + box.width, part).toBeLessThanOrEqual(width);
          expect(box.y + box.height, part).toBeLessThanOrEqual(height);
          // Each has room for more than its name.
          expect(box.height, part).toBeGreaterThan(20);
        }
      // No button of the bars is cut off by the edge of its bar.
      const cut = await page.locator('.top, .status').evaluateAll((bars) =>
        bars.flatMap((bar) => {
          const { right } = bar.getBoundingClientRect();
          return [...bar.querySelectorAll('button')]
            .filter((button) => button.getBoundingClientRect().right > right)
            .map((button) => button.textContent);
        }),
      );
      expect(cut).toEqual([]);
      await expect(terminal.grid.locator('[data-id]').first()).toBeVisible();
    });

  test('the palette finds an instrument, a command, a metric, a setting and help', async ({ terminal }) => {
    const { page } = terminal;
    await terminal.start();
    await terminal.whole();
    await terminal.drawn();
    const palette = page.getByRole('dialog', { name: 'Search or command' });
    const find = async (text: string): Promise<void> => {
      await page.keyboard.press('Control+k');
      await palette.getByRole('combobox').fill(text);
    };
    const option = palette.getByRole('option').first();

    // Venue, asset and symbol in any order.
    await find('tao binance');
    await expect(option).toContainText('TAOUSDT');
    await page.keyboard.press('Enter');
    await expect(terminal.row(TAO)).toHaveAttribute('aria-selected', 'true');

    await find('crowded');
    await expect(palette.getByRole('option', { name: /^Most crowded/u })).toBeVisible();
    await page.keyboard.press('Escape');

    await find('volatility-adjusted');
    await expect(palette.getByRole('option', { name: /volatility-adjusted score/iu }).first()).toBeVisible();
    await page.keyboard.press('Escape');

    await find('theme light');
    await page.keyboard.press('Enter');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');

    await find('help funding percentile');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog').getByRole('heading', { name: 'Funding percentile' })).toBeVisible();
  });

  test('before an alert is saved it is said that its level is passed, or that another asks the same; and what it stands at has a name', async ({
    terminal,
  }) => {
    const { page } = terminal;
    await terminal.start();
    await terminal.openList('AI tokens');
    await terminal.cell(TAO, 'asset').click();
    await terminal.drawn();
    await page.keyboard.press('a');
    const editor = page.getByRole('dialog', { name: 'New alert' });
    const level = editor.getByRole('textbox', { name: 'Level' });
    // No average is so near to its rate that less would lie between them; none is a thousand percent away.
    await level.fill('0.000001');
    await editor.getByRole('textbox', { name: 'For' }).fill('1');
    await expect(editor).toContainText('The level is passed already');
    await level.fill('1000');
    await expect(editor).not.toContainText('The level is passed already');
    await editor.getByRole('textbox', { name: 'Name' }).fill('Beyond reach');
    await editor.getByRole('button', { name: 'Create alert' }).click();
    await expect(editor).toBeHidden();
    const rule = page.getByRole('region', { name: 'Alerts' }).getByRole('button', { name: /^Edit Beyond reach/u });
    await expect(rule).toContainText('quiet');

    await page.keyboard.press('a');
    await level.fill('1000');
    await editor.getByRole('textbox', { name: 'For' }).fill('1');
    await expect(editor).toContainText('The alert \u201cBeyond reach\u201d asks the same.');
    await editor.getByRole('textbox', { name: 'For' }).fill('2');
    await expect(editor).not.toContainText('asks the same');
  });

  test('each severity has a sound of its own, which the page makes itself', async ({ terminal }) => {
    const { page } = terminal;
    await page.addInitScript(() => {
      const heard: number[] = [];
      Reflect.set(window, 'perpscopeTestHeard', heard);
      window.AudioContext = class extends AudioContext {
        override createOscillator(): OscillatorNode {
          const tone = super.createOscillator();
          const start = tone.start.bind(tone);
          tone.start = (...when) => {
            heard.push(tone.frequency.value);
            start(...when);
          };
          return tone;
        }
      };
    });
    await terminal.start();
    await terminal.whole();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search or command' }).fill('When alerts tell');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'When alerts tell' });
    const heard = (): Promise<number[]> => page.evaluate(() => [...(Reflect.get(window, 'perpscopeTestHeard') as number[])]);
    const isStill = (): Promise<boolean> =>
      page.evaluate(async () => !(await navigator.locks.query()).held?.some(({ name }) => name === 'perpscope-alert-sound'));
    const of = async (severity: string, tones: number): Promise<number[]> => {
      const before = (await heard()).length;
      await dialog.getByRole('checkbox', { name: severity }).check();
      await expect.poll(async () => (await heard()).length - before).toBe(tones);
      await expect.poll(isStill).toBe(true);
      return (await heard()).slice(before);
    };
    // One tone for what may wait, two that rise, three high ones.
    const [low = NaN] = await of('Info', 1);
    const [first = NaN, second = NaN] = await of('Warning', 2);
    expect(second).toBeGreaterThan(first);
    for (const high of await of('Critical', 3)) expect(high).toBeGreaterThan(low);
  });
});
