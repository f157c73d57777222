import type { RatePriority } from './rate-plan.js';

/** Requests that Okta carries out at the same time for the smallest kind of org. */
const ofOrg = 35;

/** After how many answers in a row without a refusal one more is tried. */
const answersToGrow = 50;

/** How many requests of this process an org has at the same time: a share of Okta's limit, less after it refused. */
export class Concurrency {
  readonly #most: number;
  #allowed: number;
  #running = 0;
  #calm = 0;
  #loweredAt = Number.NEGATIVE_INFINITY;

  constructor(share: number) {
    this.#most = Math.max(1, Math.floor(ofOrg * share));
    this.#allowed = this.#most;
  }

  /** Whether one more may begin. Some places are kept for interactive work. */
  admits(priority: RatePriority): boolean {
    const kept = priority === 'interactive' ? 0 : Math.floor(this.#allowed / 4);
    return this.#running < Math.max(1, this.#allowed - kept);
  }

  enter(): void {
    this.#running += 1;
  }

  /**
   * @param refused whether Okta answered that there were too many at the same time. Of those that were sent together one
   * refusal counts.
   */
  leave(refused: boolean, sentAt: number, now: number): void {
    this.#running -= 1;
    this.#calm = refused ? 0 : this.#calm + 1;
    if (refused && sentAt > this.#loweredAt) {
      this.#allowed = Math.max(1, Math.floor(this.#allowed / 2));
      this.#loweredAt = now;
    } else if (this.#calm >= answersToGrow && this.#allowed < this.#most) {
      this.#allowed += 1;
      this.#calm = 0;
    }
  }
}
