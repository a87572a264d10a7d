import { expect, test } from 'vitest';
import { splitMultiplier } from '#domain/multiplier.ts';
import { PRESETS } from '#domain/presets.ts';

test('a new user gets three lists of assets, each once', () => {
  expect(PRESETS.map((preset) => preset.name)).toEqual(['Majors', 'AI tokens', 'Virtuals']);
  expect(new Set(PRESETS.map((preset) => preset.id)).size).toBe(3);
  for (const { assets } of PRESETS) {
    expect(new Set(assets).size).toBe(assets.length);
    for (const asset of assets) expect(splitMultiplier(asset)).toEqual({ asset, multiplier: 1 });
  }
});
