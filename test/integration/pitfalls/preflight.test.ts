import { afterEach, describe, expect, it } from 'vitest';
import { preflightOf, told } from '../../world/preflights.js';
import { startWorld } from '../../world/start-world.js';
import type { World } from '../../world/world.js';

let world: World;

afterEach(() => world.stop());

describe('a preflight names, with its fix, the pitfall:', () => {
  it('no Org2Org app in a free org, which only adding one would show', async () => {
    world = await startWorld({ idp: { plan: 'integrator' } });
    expect(told(await preflightOf(world), 'org2orgAvailable')).toEqual([
      'unknown',
      expect.stringMatching(/only adding one shows it.*Free developer .* take a paid or partner org/),
    ]);
  });
});
