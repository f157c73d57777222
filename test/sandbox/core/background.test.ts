import { describe, expect, it } from 'vitest';
import { Background } from '../../../sandbox/core/background.js';
import { Clock } from '../../../sandbox/core/clock.js';

describe('background work', () => {
  it('of one key runs in the order in which it was queued, one after another', async () => {
    const background = new Background(new Clock());
    const seen: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      background.schedule(
        'provisioning',
        async () => {
          seen.push(`${name} starts`);
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(`${name} ends`);
        },
        'user',
      );
    }
    await background.idle();
    expect(seen).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  });

  it('waits for its delay on the org clock, not on the wall clock', async () => {
    const clock = new Clock();
    const background = new Background(clock);
    background.delays.provisioning = 3_600_000;
    let done = false;
    background.schedule('provisioning', () => {
      done = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([done, background.pending]).toEqual([false, 1]);
    clock.advance(3_600_000);
    await background.idle();
    expect(done).toBe(true);
  });

  it('counts work that work has queued, and keeps what it threw', async () => {
    const background = new Background(new Clock());
    const seen: string[] = [];
    background.schedule('reconciliation', () => {
      background.schedule('provisioning', () => seen.push('second'));
      throw new Error('first');
    });
    await background.idle();
    expect(seen).toEqual(['second']);
    expect(background.failures).toEqual([new Error('first')]);
  });
});
