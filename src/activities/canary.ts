import { randomBytes } from 'node:crypto';
import type { ResourceInput } from '../domain/assessment.js';
import { canaryPrefix, isCanary, type RemovedCanaries } from '../domain/canary.js';
import { Org2OrgError, problem } from '../domain/errors.js';
import type { SignOnAttempt } from '../domain/sign-on.js';
import type { Finding } from '../domain/user-lifecycle.js';
import type { OktaSession } from '../okta/session.js';
import {
  deactivateUser,
  deleteUser,
  findUser,
  findUserByLogin,
  listUsersByLoginPrefix,
  setUserPassword,
  type User,
} from '../okta/users.js';
import { lookUntil } from './looking.js';
import { trySignOnAs } from './sign-on.js';

/** The canary with this login, null if nobody has it. @throws Org2OrgError where the login is not one of a canary */
async function findCanary(session: OktaSession, { federationId }: ResourceInput, login: string): Promise<User | null> {
  if (!isCanary(federationId, login)) throw new Org2OrgError('O2O_INTERNAL');
  return findUserByLogin(session, login);
}

/** Signs the canary on with a password that nobody else ever knows: it is made, used and forgotten here. */
export async function trySignOnOfCanary(
  session: OktaSession,
  input: ResourceInput,
  login: string,
  signal: AbortSignal,
): Promise<SignOnAttempt> {
  const user = await findCanary(session, input, login);
  if (user === null) throw new Org2OrgError('O2O_IDP_USER_MISSING', { org: session.org });
  const password = `${randomBytes(24).toString('base64url')}aA1!`;
  await setUserPassword(session, user.id, password);
  return trySignOnAs(session, input, { login: user.profile.login, password }, signal);
}

function deactivated(session: OktaSession, id: string, signal: AbortSignal): Promise<User | null> {
  return lookUntil(
    () => findUser(session, id),
    (seen) => seen === null || seen.status === 'DEPROVISIONED',
    signal,
  );
}

/** Deactivates the canary where the users live, as happens to somebody who leaves, and reads it back. */
export async function deactivateCanary(
  session: OktaSession,
  input: ResourceInput,
  login: string,
  signal: AbortSignal,
): Promise<Finding & { readonly userId: string | null }> {
  const finding = { changes: [], checks: [], blocker: null, evidence: session.evidence };
  const user = await findCanary(session, input, login);
  if (user === null) return { ...finding, userId: null, decided: `${session.org} has no such user.`, applied: [] };
  const settled = user.status === 'DEPROVISIONED' || user.transitioningToStatus === 'DEPROVISIONED';
  if (!settled) await deactivateUser(session, user.id);
  const after = await deactivated(session, user.id, signal);
  const status = after?.status ?? 'gone';
  const done = after === null || status === 'DEPROVISIONED';
  return {
    ...finding,
    userId: user.id,
    decided: `The user ${user.id} is ${status} in ${session.org}.`,
    applied: settled ? [] : ['Deactivate the canary in the IdP org'],
    blocker: done ? null : problem('O2O_NOT_ARRIVED', { org: session.org, detail: `the user ${user.id} is ${status}` }),
  };
}

/** Why a canary is still there after it was to be removed; null if it is gone. */
async function remove(
  session: OktaSession,
  federationId: string,
  id: string,
  signal: AbortSignal,
): Promise<string | null> {
  const found = await findUser(session, id);
  if (found === null) return null;
  if (!isCanary(federationId, found.profile.login)) return 'its login is not one of a canary: nobody touched it';
  if (found.status !== 'DEPROVISIONED') {
    if (found.transitioningToStatus !== 'DEPROVISIONED') await deactivateUser(session, id);
    const after = await deactivated(session, id, signal);
    if (after !== null && after.status !== 'DEPROVISIONED') return `it is ${after.status} after it was deactivated`;
  }
  await deleteUser(session, id);
  const left = await lookUntil(
    () => findUser(session, id),
    (seen) => seen === null,
    signal,
  );
  return left === null ? null : `it is ${left.status} after it was deleted`;
}

/** Removes every canary of the federation from this org, each after a fresh look at its login. */
export async function removeCanaries(
  session: OktaSession,
  { federationId }: ResourceInput,
  login: string | null,
  id: string | null,
  signal: AbortSignal,
): Promise<RemovedCanaries> {
  const prefix = canaryPrefix(federationId);
  const searched = (await listUsersByLoginPrefix(session, prefix)).filter(({ profile }) =>
    isCanary(federationId, profile.login),
  );
  const named = login === null ? null : await findUserByLogin(session, login);
  const ids = new Set([...searched.map((user) => user.id), ...(named === null ? [] : [named.id])]);
  if (id !== null) ids.add(id);
  const removed: string[] = [];
  const left: { id: string; why: string }[] = [];
  for (const each of ids) {
    const why = await remove(session, federationId, each, signal).catch((error: unknown) => {
      if (error instanceof Org2OrgError && !error.problem.retryable) return error.problem.message;
      throw error;
    });
    if (why === null) removed.push(each);
    else left.push({ id: each, why });
  }
  return { org: session.org, removed, left };
}
