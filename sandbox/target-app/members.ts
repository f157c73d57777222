export type MemberStatus = 'active' | 'suspended' | 'removed';

/** An account in the target app. */
export interface Member {
  readonly login: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly status: MemberStatus;
  readonly joinedAt: string;
  readonly lastSignInAt: string | null;
}

/** The accounts of the target app, by login without regard to case. */
export class Members {
  readonly #byLogin = new Map<string, Member>();

  all(): Member[] {
    return [...this.#byLogin.values()];
  }

  get(login: string): Member | undefined {
    return this.#byLogin.get(login.toLowerCase());
  }

  /** Adds the member or changes what is given. */
  put(login: string, at: string, changes: Partial<Omit<Member, 'login' | 'joinedAt'>>): Member {
    const before = this.get(login) ?? {
      login,
      firstName: null,
      lastName: null,
      status: 'active' as const,
      joinedAt: at,
      lastSignInAt: null,
    };
    const member = { ...before, ...changes };
    this.#byLogin.set(login.toLowerCase(), member);
    return member;
  }
}
