import { createHash } from 'node:crypto';
import { apiUrl, postLink } from '../core/links.js';
import type { Org } from '../core/org.js';
import type { Json, User } from '../core/records.js';
import { defaultUserType } from './user-profile.js';

/** The user as lists answer it: with no other link than `self`. */
export function userListAnswer(org: Org, user: User): Json {
  return { ...userBody(org, user), _links: { self: { href: apiUrl(org, `/users/${user.id}`) } } };
}

/** The user as single calls answer it: with the links of what its status allows. */
export function userAnswer(org: Org, user: User): Json {
  return { ...userBody(org, user), _links: userLinks(org, user) };
}

/** The version of a user for `If-Match`. */
export function userEtag(user: User): string {
  const version = JSON.stringify([user.id, user.status, user.lastUpdated, user.statusChanged, user.profile]);
  return `W/"${createHash('sha256').update(version).digest('hex')}"`;
}

function userBody(org: Org, user: User): Json {
  const { transitioningToStatus } = user;
  return {
    id: user.id,
    status: user.status,
    created: user.created,
    activated: user.activated,
    statusChanged: user.statusChanged,
    lastLogin: user.lastLogin,
    lastUpdated: user.lastUpdated,
    passwordChanged: user.passwordChanged,
    ...(transitioningToStatus === null ? {} : { transitioningToStatus }),
    realmId: `guo${org.id.slice(3)}`,
    type: { id: user.typeId },
    profile: { mobilePhone: null, secondEmail: null, ...user.profile },
    credentials: userCredentials(user),
  };
}

/** The credentials of a user without any secret. */
export function userCredentials(user: User): Json {
  return {
    ...(user.passwordHash === null
      ? {}
      : { password: {}, emails: [{ value: user.profile.email, status: 'VERIFIED', type: 'PRIMARY' }] }),
    ...(user.recoveryQuestion === null ? {} : { recovery_question: { question: user.recoveryQuestion.question } }),
    provider: user.provider,
  };
}

function userLinks(org: Org, user: User): Json {
  const path = `/users/${user.id}`;
  const type = org.userTypes.get(user.typeId) ?? defaultUserType(org);
  const lifecycle = (name: string) => postLink(org, `${path}/lifecycle/${name}`);
  const credentials = (name: string) => postLink(org, `${path}/credentials/${name}`);
  const links: Json = {
    schema: { href: apiUrl(org, `/meta/schemas/user/${type?.schemaId}`) },
    self: { href: apiUrl(org, path) },
    type: { href: apiUrl(org, `/meta/types/user/${user.typeId}`) },
  };
  links.resetFactors = lifecycle('reset_factors');
  const { status } = user;
  if (status === 'DEPROVISIONED') {
    links.activate = lifecycle('activate');
    links.delete = { href: apiUrl(org, path), method: 'DELETE' };
    return links;
  }
  if (status === 'STAGED') {
    links.activate = lifecycle('activate');
    return links;
  }
  if (status === 'SUSPENDED') {
    links.unsuspend = lifecycle('unsuspend');
    links.deactivate = lifecycle('deactivate');
    return links;
  }
  links.suspend = lifecycle('suspend');
  links.deactivate = lifecycle('deactivate');
  links.resetPassword = lifecycle('reset_password');
  if (status === 'PROVISIONED' || status === 'RECOVERY') links.reactivate = lifecycle('reactivate');
  if (status === 'LOCKED_OUT') links.unlock = lifecycle('unlock');
  if (user.passwordHash !== null) {
    links.forgotPassword = credentials('forgot_password');
    links.expirePassword = lifecycle('expire_password');
    links.changeRecoveryQuestion = credentials('change_recovery_question');
    links.changePassword = credentials('change_password');
  }
  return links;
}
