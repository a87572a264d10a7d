import { expect, test } from 'vitest';
import { deskSoak } from '#test/soak/desk.ts';
import { hasPostgres } from '#test/support/postgres-server.ts';

test.skipIf(!hasPostgres)(
  'a collector killed, the database killed: nothing is lost or twice, and all see the same (the long one: npm run soak)',
  async () => {
    const { failOvers, kills, databaseKills, settlements, waited, late } = await deskSoak({ failOvers: 1, seed: 7, speed: 360 });
    expect({ failOvers, kills, databaseKills }).toEqual({ failOvers: 1, kills: 1, databaseKills: 1 });
    expect(settlements).toBeGreaterThan(4);
    expect(waited + late).toBeGreaterThan(0);
  },
);
