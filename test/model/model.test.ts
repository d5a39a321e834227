import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apiUnderTest } from '../support/api-under-test.ts';
import { extentOf, isLong, times } from '../support/extent.ts';
import { engineUnderTest } from '../support/table-under-test.ts';
import { type Draw, drawnCommands } from './commands.ts';
import { runStory } from './run-story.ts';
import { openWorld } from './world.ts';

/**
 * Stories of commands over all dialects, one after the other and at once, held against a small reference model. A story
 * that fails is shrunk and told; `TENANTRY_TEST_SEED` and `TENANTRY_TEST_PATH` tell it again, and `npm run test:long`
 * tells many more.
 */
const { TENANTRY_TEST_SEED: seedGiven, TENANTRY_TEST_PATH: path } = process.env;
/** The same stories each time, but for how those interleave that happen at once; new ones in a longer run. */
const seed = Number(seedGiven ?? (isLong ? Math.floor(Math.random() * 2 ** 31) : 1));
const stories = times * (engineUnderTest === 'dynoxide' ? extentOf({ share: 3, whole: 40 }) : 3);
/** A slow machine tells fewer stories, at least one, and shrinks a failing one less. */
const longestMilliseconds = times * (engineUnderTest === 'dynoxide' ? 45_000 : 150_000);

const { call } = await apiUnderTest();

const number = fc.nat(999);
const draw: fc.Arbitrary<Draw> = fc.record({
  command: fc.constantFrom(...drawnCommands),
  caller: number,
  organization: number,
  person: number,
  other: number,
  role: number,
  number,
  flag: fc.boolean(),
});
const several = fc.array(draw, { minLength: 2, maxLength: 4 });
/** At once, and half of the time about the same organization and person. */
const batch = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(draw) },
  { weight: 2, arbitrary: several },
  {
    weight: 2,
    arbitrary: several.map((draws) =>
      draws.map((each) => ({ ...each, organization: draws[0]?.organization ?? 0, person: draws[0]?.person ?? 0 })),
    ),
  },
);

// Side by side: most of the time is spent in waiting for the engine.
test.concurrent.each([seed, seed + 1, seed + 2])(
  'every story is one that the model could tell (seed %i)',
  async (ownSeed) => {
    if (path !== undefined && ownSeed !== seed) return;
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 10, maxLength: 40, size: 'max' }), async (batches) => {
        steps += await runStory(await openWorld(call), batches);
      }),
      {
        seed: ownSeed,
        numRuns: stories,
        interruptAfterTimeLimit: longestMilliseconds,
        ...(path === undefined ? {} : { path, endOnFailure: true }),
      },
    );
    console.log(`Seed ${ownSeed}: ${steps} steps`);
    expect(steps).toBeGreaterThan(0);
  },
  longestMilliseconds * 4,
);
