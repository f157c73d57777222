import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { CredentialProvider, Json, User, UserStatus } from '../core/records.js';
import { asObject, asText, asTexts } from '../core/routing.js';
import type { LogActor } from '../core/system-log.js';
import { addMember } from './group-members.js';
import { checkPassword, hashSecret } from './passwords.js';
import { checkedProfile, defaultUserType } from './user-profile.js';
import { addUser, changeUser, refuseIfMastered, userTarget } from './user-store.js';

/** How a user is created, besides the body: the query of `POST /users`. */
export interface CreateOptions {
  readonly activate?: boolean;
  /** True: `credentials.provider` names who authenticates the user, and no password is needed. */
  readonly provider?: boolean;
  readonly nextLogin?: string;
}

const oktaProvider: CredentialProvider = { type: 'OKTA', name: 'OKTA' };

/**
 * Creates a user by Okta's rules: schema, unique login, password policy, status by `activate` and credentials.
 *
 * @param input the body of `POST /users`
 * @throws OktaError E0000001, E0000007, E0000124, E0000125
 */
export function createUser(org: Org, input: Json, actor: LogActor, options: CreateOptions = {}): User {
  const typeId = asText(asObject(input.type).id) ?? defaultUserType(org)?.id ?? '';
  if (!org.userTypes.has(typeId)) throw notFound(typeId, 'UserType');
  const profile = checkedProfile(org, asObject(input.profile), typeId);
  const credentials = asObject(input.credentials);
  const password = passwordOf(credentials, String(profile.login));
  const provider = options.provider === true ? providerOf(credentials) : oktaProvider;
  const groups = asTexts(input.groupIds).map((id) => {
    const group = org.groups.get(id);
    if (group === undefined) throw notFound(id, 'UserGroup');
    if (group.type !== 'OKTA_GROUP') throw invalid('groupIds', `groupIds: ${id} is not a group of this org.`);
    return group;
  });
  const activate = options.activate ?? true;
  if (options.nextLogin === 'changePassword') {
    if (password === null) throw new OktaError('E0000124');
    if (!activate) throw new OktaError('E0000125');
  }
  const user = addUser(org, {
    profile,
    typeId,
    provider,
    passwordHash: password,
    status: firstStatus(activate, password, provider, options.nextLogin),
  });
  const question = asObject(credentials.recovery_question);
  if (typeof question.question === 'string') {
    user.recoveryQuestion = { question: question.question, answer: hashSecret(String(question.answer ?? '')) };
  }
  org.log.write({ eventType: 'user.lifecycle.create', actor, target: [userTarget(user)] });
  if (activate) org.log.write({ eventType: 'user.lifecycle.activate', actor, target: [userTarget(user)] });
  for (const group of groups) addMember(org, group, user, actor);
  org.events.emit({ type: 'user.created', userId: user.id });
  return user;
}

function firstStatus(
  activate: boolean,
  password: string | null,
  provider: CredentialProvider,
  nextLogin: string | undefined,
): UserStatus {
  if (!activate) return 'STAGED';
  if (nextLogin === 'changePassword') return 'PASSWORD_EXPIRED';
  return password !== null || provider.type !== 'OKTA' ? 'ACTIVE' : 'PROVISIONED';
}

function providerOf(credentials: Json): CredentialProvider {
  const { type, name } = asObject(credentials.provider);
  if (type === 'FEDERATION' || type === 'IMPORT' || type === 'SOCIAL') return { type, name: asText(name) ?? type };
  return oktaProvider;
}

/** The hash of the password in the credentials, null if there is none. */
function passwordOf(credentials: Json, login: string): string | null {
  const password = asObject(credentials.password);
  if (typeof password.value === 'string' && password.value !== '') {
    checkPassword(password.value, login);
    return hashSecret(password.value);
  }
  return password.hash === undefined ? null : hashSecret(JSON.stringify(password.hash));
}

/**
 * Updates profile and credentials of a user.
 *
 * @param input the body of `POST` or `PUT /users/{id}`
 * @param replace true (PUT): attributes that are not sent become empty
 * @throws OktaError E0000001, E0000023, E0000038
 */
export function updateUser(org: Org, user: User, input: Json, actor: LogActor, replace: boolean): void {
  if (user.status === 'DEPROVISIONED') throw new OktaError('E0000038');
  const sent = asObject(input.profile);
  const typeId = asText(asObject(input.type).id) ?? user.typeId;
  if (!org.userTypes.has(typeId)) throw notFound(typeId, 'UserType');
  if (replace && input.profile === undefined && input.credentials === undefined)
    throw invalid('profile', 'profile: The field cannot be left blank');
  const changesProfile = input.profile !== undefined;
  if (changesProfile) refuseIfMastered(user);
  const profile = changesProfile
    ? checkedProfile(org, replace ? sent : { ...user.profile, ...sent }, typeId, user)
    : user.profile;
  const credentials = asObject(input.credentials);
  const password = passwordOf(credentials, String(profile.login));
  const question = asObject(credentials.recovery_question);
  changeUser(org, user, () => {
    user.profile = profile;
    user.typeId = typeId;
    if (password !== null) {
      user.passwordHash = password;
      user.passwordChanged = org.clock.iso();
      if (user.status === 'PROVISIONED') {
        user.status = 'ACTIVE';
        user.statusChanged = org.clock.iso();
      }
    }
    if (typeof question.question === 'string') {
      user.recoveryQuestion = { question: question.question, answer: hashSecret(String(question.answer ?? '')) };
    }
  });
  if (changesProfile) {
    org.log.write({ eventType: 'user.account.update_profile', actor, target: [userTarget(user)] });
    org.events.emit({ type: 'user.updated', userId: user.id });
  }
  if (password !== null) {
    org.log.write({ eventType: 'user.account.update_password', actor, target: [userTarget(user)] });
    org.events.emit({ type: 'user.passwordChanged', userId: user.id });
  }
}
