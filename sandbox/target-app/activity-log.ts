/** One line of the target app's activity log. */
export interface Activity {
  readonly at: string;
  readonly event: 'sso_configured' | 'sign_in_success' | 'sign_in_failed' | 'member_changed';
  readonly login: string | null;
  /** Why a sign-in failed. */
  readonly reason: string | null;
}

const maximumLength = 10_000;

/** What happened in the target app; the oldest lines go when it is full. */
export class ActivityLog {
  readonly #lines: Activity[] = [];

  add(line: Activity): void {
    if (this.#lines.length === maximumLength) this.#lines.shift();
    this.#lines.push(line);
  }

  all(): readonly Activity[] {
    return this.#lines;
  }
}
