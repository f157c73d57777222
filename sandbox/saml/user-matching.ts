import { ExpressionInvalid, evaluateTemplate } from '../core/expression.js';
import type { Org } from '../core/org.js';
import type { IdentityProvider, Json, User } from '../core/records.js';
import { isMember } from '../management/group-members.js';
import { findUserByLogin } from '../management/user-store.js';
import { wholeMatch } from './app-settings.js';
import type { InboundSettings } from './inbound-settings.js';
import { nameIdFormats } from './names.js';
import { refusalReasons, SignOnRefused } from './refusal.js';

type Subject = InboundSettings['policy']['subject'];

/**
 * The username that the identity provider's template makes of the assertion.
 * @throws SignOnRefused if there is none, or the filter does not let it pass
 */
export function transformedUsername(settings: InboundSettings, profile: Json): string {
  const subject = settings.policy.subject;
  const template = subject?.userNameTemplate?.template ?? 'idpuser.subjectNameId';
  const username = evaluated(template, profile);
  if (username === '') {
    throw new SignOnRefused(refusalReasons.transform, `the template ${template} yields nothing for this assertion`);
  }
  if (subject?.filter && !wholeMatch(subject.filter, username)) {
    throw new SignOnRefused(refusalReasons.match, `the username ${username} does not pass the filter`);
  }
  return username;
}

function evaluated(template: string, profile: Json): string {
  try {
    const value = evaluateTemplate(template, { idpuser: profile, source: profile });
    return typeof value === 'string' ? value.trim() : '';
  } catch (error) {
    if (error instanceof ExpressionInvalid) throw new SignOnRefused(refusalReasons.transform, error.message);
    throw error;
  }
}

/**
 * The user that the username stands for, null if there is none.
 * @throws SignOnRefused if it stands for several
 */
export function matchedUser(org: Org, subject: Subject, username: string): User | null {
  const byLogin = () => findUserByLogin(org, username);
  const by = (attribute: string) => only(org.users.filter((user) => sameText(user.profile[attribute], username)));
  switch (subject?.matchType ?? 'USERNAME') {
    case 'EMAIL':
      return by('email');
    case 'USERNAME_OR_EMAIL':
      return byLogin() ?? by('email');
    case 'CUSTOM_ATTRIBUTE':
      return subject?.matchAttribute ? by(subject.matchAttribute) : null;
    default:
      return byLogin() ?? null;
  }
}

function only(users: readonly User[]): User | null {
  if (users.length > 1) throw new SignOnRefused(refusalReasons.match, `${users.length} users match`);
  return users[0] ?? null;
}

function sameText(value: unknown, wanted: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === wanted.toLowerCase();
}

/** The user who was linked under a persistent name, if the identity provider honours such names. */
export function persistentlyLinkedUser(
  org: Org,
  provider: IdentityProvider,
  settings: InboundSettings,
  name: { readonly nameId: string; readonly nameIdFormat: string | null },
): User | null {
  const honours = settings.protocol.settings?.honorPersistentNameId ?? true;
  if (!honours || name.nameIdFormat !== nameIdFormats.persistent) return null;
  const link = org.identityProviderUsers.get(provider.id)?.find((one) => one.externalId === name.nameId);
  return link === undefined ? null : (org.users.get(link.id) ?? null);
}

/**
 * Refuses to link a user whom the identity provider may not link by itself. One who is linked already stays linked.
 * @throws SignOnRefused
 */
export function refuseLink(org: Org, provider: IdentityProvider, settings: InboundSettings, user: User): void {
  if (org.identityProviderUsers.get(provider.id)?.has(user.id)) return;
  const link = settings.policy.accountLink;
  if (link?.action !== 'AUTO') {
    throw new SignOnRefused(refusalReasons.match, 'account link is disabled and the user is not linked');
  }
  if (link.filter?.users?.exclude?.includes(user.id)) {
    throw new SignOnRefused(refusalReasons.match, 'the user is excluded from account link');
  }
  const groups = link.filter?.groups?.include ?? [];
  const inGroup = groups.some((id) => {
    const group = org.groups.get(id);
    return group !== undefined && isMember(org, group, user.id);
  });
  if (groups.length > 0 && !inGroup) {
    throw new SignOnRefused(refusalReasons.match, 'the user is in none of the groups that account link includes');
  }
}
