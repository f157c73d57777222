/** `Date` drops fractions of a second. */
const dropped = 1_000;

/**
 * Says when a moment of the org's clock comes by the local monotonic clock, whatever either clock shows. Every answer's
 * `Date` narrows it down: the org wrote it after the request was sent and before the answer was here.
 */
export class OrgClock {
  /** Bounds of the org's clock minus the local one, in milliseconds. */
  #least = Number.NEGATIVE_INFINITY;
  #most = Number.POSITIVE_INFINITY;

  /** @param date the header in milliseconds since 1970; both others by the local monotonic clock. */
  observe(date: number, sentAt: number, receivedAt: number): void {
    const least = date - receivedAt;
    const most = date + dropped - sentAt;
    if (least > this.#most || most < this.#least) {
      this.#least = least;
      this.#most = most;
      return;
    }
    this.#least = Math.max(this.#least, least);
    this.#most = Math.min(this.#most, most);
  }

  /** The local time at which the moment has come for certain. Only after a first `observe`. */
  localTimeOf(orgTime: number): number {
    return orgTime - this.#least;
  }
}
