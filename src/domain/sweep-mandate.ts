import type { SweepMandate, SweptUser } from './sweep.js';
import { judge } from './sweep-rules.js';
import type { IdpLook, SpLook, UserFederation, UserView } from './user-lifecycle.js';

/** Whether the mandate of a sweep still holds for a user. */
export interface MandateJudgement {
  readonly holds: boolean;
  /** Why it does, or does not any more. */
  readonly because: string;
  /** Other names under which the IdP org must know nobody either, where it holds because the IdP user is missing. */
  readonly unlessKnownAs?: readonly string[];
}

/**
 * Judges the user anew, by what both orgs were just asked: the mandate holds only if it is the very same user, and the
 * same rules find the same and lead to the same action. Who is due for another reason by now is found by the next sweep,
 * whose limits and approvals are about that reason.
 *
 * @param now milliseconds since the epoch.
 */
export function judgeMandate(
  mandate: SweepMandate,
  federation: UserFederation,
  idp: IdpLook,
  sp: SpLook,
  now: number,
): MandateJudgement {
  const withdrawn = (because: string): MandateJudgement => ({ holds: false, because });
  if (sp.user === null) return withdrawn('the SP org has no such user any more');
  if (sp.user.id !== mandate.spUserId) return withdrawn(`the login leads to another SP user now, ${sp.user.id}`);
  if (sp.user.status === 'DEPROVISIONED') return withdrawn('the SP user is deactivated already');
  const idpUserId = idp.user?.id ?? null;
  if (idpUserId !== mandate.idpUserId) {
    return withdrawn(`the IdP user is ${idpUserId ?? 'missing'} now, and was ${mandate.idpUserId ?? 'missing'}`);
  }
  const names = namesOf(sp.user, federation.identityProvider.subjectMatch);
  if (mandate.byName && !standsFor(idp, sp.user, names, mandate.login)) {
    return withdrawn(`the SP user has another name now, and ${mandate.login} does not stand for it any more`);
  }
  const { kind, reason, action } = judge(
    seen(mandate, federation, idp, sp, sp.user),
    rulesOf(mandate),
    federation.users.exempt,
    now,
  );
  const sameReason = kind === mandate.kind || mandate.rules.federationEnds !== undefined;
  if (action !== mandate.action || !sameReason) return withdrawn(`${kind} now: ${reason}`);
  const others = idp.user === null ? names.filter((name) => name !== mandate.login.toLowerCase()) : [];
  return { holds: true, because: `${kind}: ${reason}`, ...(others.length === 0 ? {} : { unlessKnownAs: others }) };
}

/** Who was not found inactive is not judged by that: neither look tells when the user was created, and new ones have a grace. */
function rulesOf({ kind, rules }: SweepMandate): SweepMandate['rules'] {
  return kind === 'inactive' ? rules : { ...rules, inactive: null };
}

/** The names by which the SP user may be known in the IdP org, in lower case, as the identity provider matches its subject. */
function namesOf({ login, profile }: UserView, match: UserFederation['identityProvider']['subjectMatch']): string[] {
  const email = typeof profile.email === 'string' ? [profile.email.toLowerCase()] : [];
  if (match === 'EMAIL') return email;
  return match === 'USERNAME' ? [login.toLowerCase()] : [...new Set([login.toLowerCase(), ...email])];
}

/** Whether what the IdP org shows is about this SP user: the assignment leads there, or the name does. */
function standsFor({ user, assignment }: IdpLook, sp: UserView, names: readonly string[], login: string): boolean {
  if (user === null) return sp.login.toLowerCase() === login.toLowerCase();
  return assignment?.externalId === sp.id || names.includes((assignment?.userName ?? user.login).toLowerCase());
}

/** Belonging and age were judged by the sweep and looked at by the transition: neither gets less. */
function seen(
  { action, sweepId, rules }: SweepMandate,
  { identityProviderId }: UserFederation,
  { user, assignment }: IdpLook,
  { roles, identityProviderIds }: SpLook,
  sp: NonNullable<SpLook['user']>,
): SweptUser {
  const end = user?.profile[rules.expired?.attribute ?? ''];
  return {
    spUserId: sp.id,
    login: sp.login,
    status: sp.status,
    createdAt: new Date(0).toISOString(),
    lastLogin: sp.lastLogin,
    because: {
      linked: identityProviderIds.includes(identityProviderId) || user === null,
      provisioned: assignment !== null,
      inAccessGroup: true,
    },
    administrator: roles.length > 0,
    sources:
      user === null
        ? []
        : [
            {
              idpUserId: user.id,
              login: user.login,
              status: user.status,
              assignment,
              endDate: typeof end === 'string' ? end : null,
            },
          ],
    sourceKnown: true,
    suspendedBySweep:
      action === 'resume' || action === 'deactivate'
        ? { sweepId, deactivateAt: action === 'resume' ? null : new Date(0).toISOString(), found: false }
        : null,
  };
}
