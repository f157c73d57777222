import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { IdentityProvider, Json, User } from '../core/records.js';
import { systemActor } from '../core/system-log.js';
import { addMember, removeMember } from '../management/group-members.js';
import { linkUser } from '../management/identity-provider-users.js';
import { activateUser, unsuspendUser } from '../management/user-lifecycle.js';
import { checkedProfile, schemaOfType } from '../management/user-profile.js';
import { changeUser, setStatus, userTarget } from '../management/user-store.js';
import { createUser } from '../management/users.js';
import { identityProviderProfile } from './identity-provider-user.js';
import type { InboundSettings } from './inbound-settings.js';
import { refusalReasons, SignOnRefused } from './refusal.js';
import type { ValidAssertion } from './response-validation.js';
import { matchedUser, persistentlyLinkedUser, refuseLink, transformedUsername } from './user-matching.js';

const requiredAttributes = ['firstName', 'lastName', 'email'];
const federation = { type: 'FEDERATION', name: 'FEDERATION' } as const;

/**
 * The user whom an accepted assertion signs in: found and linked, or created just in time.
 * @throws SignOnRefused
 */
export function inboundUser(
  org: Org,
  provider: IdentityProvider,
  settings: InboundSettings,
  assertion: ValidAssertion,
): User {
  const profile = identityProviderProfile(assertion);
  const username = transformedUsername(settings, profile);
  const found =
    persistentlyLinkedUser(org, provider, settings, assertion) ?? matchedUser(org, settings.policy.subject, username);
  if (found !== null) {
    refuseLink(org, provider, settings, found);
    makeReady(org, settings, found);
    if (mastersProfiles(org, settings)) updateProfile(org, provider, found, profile);
  }
  const user = found ?? createJustInTime(org, provider, settings, username, profile);
  assignGroups(org, settings, user, assertion);
  linkUser(org, provider, user, assertion.nameId, profile);
  return user;
}

/** Just-in-time provisioning needs the switch of the org and that of the identity provider. */
function provisions(org: Org, settings: InboundSettings): boolean {
  return org.settings.jit && settings.policy.provisioning?.action === 'AUTO';
}

function mastersProfiles(org: Org, settings: InboundSettings): boolean {
  return provisions(org, settings) && settings.policy.provisioning?.profileMaster === true;
}

/** Brings the user to ACTIVE if the identity provider may do so. */
function makeReady(org: Org, settings: InboundSettings, user: User): void {
  const conditions = settings.policy.provisioning?.conditions;
  const invalidStatus = () => new SignOnRefused(refusalReasons.status, `the user is ${user.status}`);
  switch (user.status) {
    case 'ACTIVE':
      return;
    case 'SUSPENDED':
      if (conditions?.suspended?.action !== 'UNSUSPEND') throw invalidStatus();
      unsuspendUser(org, user, systemActor);
      return;
    case 'DEPROVISIONED':
      if (conditions?.deprovisioned?.action !== 'REACTIVATE') throw invalidStatus();
      break;
    case 'STAGED':
    case 'PROVISIONED':
      if (!provisions(org, settings)) throw invalidStatus();
      break;
    default:
      throw invalidStatus();
  }
  federate(org, user);
}

/** The identity provider authenticates the user from now on, who needs no password any more to become ACTIVE. */
function federate(org: Org, user: User): void {
  user.provider = federation;
  if (user.status !== 'PROVISIONED') {
    activateUser(org, user, systemActor);
    return;
  }
  setStatus(org, user, 'ACTIVE');
  org.log.write({ eventType: 'user.lifecycle.activate', actor: systemActor, target: [userTarget(user)] });
  org.events.emit({ type: 'user.activated', userId: user.id });
}

function createJustInTime(
  org: Org,
  provider: IdentityProvider,
  settings: InboundSettings,
  login: string,
  profile: Json,
): User {
  if (!provisions(org, settings)) {
    const off = org.settings.jit ? 'of the identity provider' : 'of the org';
    throw new SignOnRefused(refusalReasons.userNotFound, `no user matches ${login}, and the JIT setting ${off} is off`);
  }
  const missing = requiredAttributes.filter((name) => typeof profile[name] !== 'string');
  if (missing.length > 0) {
    throw new SignOnRefused(refusalReasons.userNotFound, `JIT lacks the attributes ${missing.join(', ')}`);
  }
  const user = refusingInvalid(() =>
    createUser(
      org,
      { profile: { ...userAttributes(org, profile), login }, credentials: { provider: federation } },
      systemActor,
      { activate: true, provider: true },
    ),
  );
  if (mastersProfiles(org, settings)) user.masteredBy = provider.id;
  return user;
}

/** The identity provider becomes the master: its attributes take the place of the user's. */
function updateProfile(org: Org, provider: IdentityProvider, user: User, profile: Json): void {
  const sent = userAttributes(org, profile);
  const changed =
    user.masteredBy !== provider.id || Object.entries(sent).some(([key, value]) => user.profile[key] !== value);
  if (!changed) return;
  const checked = refusingInvalid(() => checkedProfile(org, { ...user.profile, ...sent }, user.typeId, user));
  changeUser(org, user, () => {
    user.profile = checked;
    user.masteredBy = provider.id;
  });
  org.log.write({ eventType: 'user.account.update_profile', actor: systemActor, target: [userTarget(user)] });
  org.events.emit({ type: 'user.updated', userId: user.id });
}

/** The attributes of the assertion that are attributes of users; the login comes from the template alone. */
function userAttributes(org: Org, profile: Json): Json {
  const schema = schemaOfType(org, '');
  const known: Json = { ...schema?.base, ...schema?.custom };
  return Object.fromEntries(Object.entries(profile).filter(([name]) => name !== 'login' && Object.hasOwn(known, name)));
}

function assignGroups(org: Org, settings: InboundSettings, user: User, assertion: ValidAssertion): void {
  const groups = settings.policy.provisioning?.groups;
  if (!provisions(org, settings) || groups === null || groups === undefined || groups.action === 'NONE') return;
  const names = assertion.attributes.get(groups.sourceAttributeName ?? '') ?? [];
  const candidates = (groups.action === 'ASSIGN' ? groups.assignments : groups.filter) ?? [];
  for (const id of candidates) {
    const group = org.groups.get(id);
    if (group?.type !== 'OKTA_GROUP') continue;
    const named = groups.action === 'ASSIGN' || names.includes(String(group.profile.name));
    if (named) addMember(org, group, user, systemActor);
    else if (groups.action === 'SYNC') removeMember(org, group, user, systemActor);
  }
}

/** Runs a rule of the Management API; what it would answer with an error refuses the sign-on. */
function refusingInvalid<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof OktaError)) throw error;
    throw new SignOnRefused(refusalReasons.userNotFound, `JIT fails: ${[error.message, ...error.causes].join('; ')}`);
  }
}
