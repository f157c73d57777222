import type { SweepMandate, SweptUser } from './sweep.js';
import { judge } from './sweep-rules.js';
import type { IdpLook, SpLook, UserFederation } from './user-lifecycle.js';

/** Whether the mandate of a sweep still holds for a user. */
export interface MandateJudgement {
  readonly holds: boolean;
  /** Why it does, or does not any more. */
  readonly because: string;
}

/**
 * Judges the user anew, by what both orgs were just asked: the mandate holds only if it is the very same user, and the
 * same rules lead to the same action.
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
  const { kind, reason, action } = judge(
    seen(mandate, federation, idp, sp, sp.user),
    mandate.rules,
    federation.users.exempt,
    now,
  );
  return action === mandate.action
    ? { holds: true, because: `${kind}: ${reason}` }
    : withdrawn(`${kind} now: ${reason}`);
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
    suspendedBySweep: action === 'resume' ? { sweepId, deactivateAt: null } : null,
  };
}
