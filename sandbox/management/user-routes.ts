import type { FastifyInstance } from 'fastify';
import { newSecret } from '../core/ids.js';
import { link } from '../core/links.js';
import { OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import { type PageLimits, pageHeaders } from '../core/pagination.js';
import type { User } from '../core/records.js';
import { asObject, asText, type Call, noContent, ok, operation } from '../core/routing.js';
import { groupIdsOf } from './group-members.js';
import { groupAnswer } from './groups.js';
import { checkPassword, hashSecret, verifyPassword } from './passwords.js';
import { userAnswer, userCredentials, userEtag } from './user-answer.js';
import {
  activateUser,
  deactivateUser,
  deleteUser,
  endSessions,
  reactivateUser,
  suspendUser,
  unlockUser,
  unsuspendUser,
} from './user-lifecycle.js';
import { listUsers } from './user-list.js';
import { changeUser, setStatus, userOf, userTarget } from './user-store.js';
import { createUser, updateUser } from './users.js';

const manage = 'okta.users.manage';
const read = 'okta.users.read';
const groupLimits: PageLimits = { standard: 200, most: 200, selfWithLimit: true };

/** Registers users, their lifecycle and what hangs on a user. */
export function registerUsers(server: FastifyInstance, org: Org): void {
  const user = (call: Call): User => userOf(org, call.params.id ?? '', call.actor);

  operation(server, org, { id: 'listUsers', method: 'GET', path: '/api/v1/users', scope: read }, listUsers);
  operation(server, org, { id: 'createUser', method: 'POST', path: '/api/v1/users', scope: manage }, (call) => {
    const created = createUser(org, asObject(call.body), call.actor, {
      activate: call.query.activate !== 'false',
      provider: call.query.provider === 'true',
      ...(call.query.nextLogin === undefined ? {} : { nextLogin: call.query.nextLogin }),
    });
    return ok(userAnswer(org, created));
  });
  operation(server, org, { id: 'getUser', method: 'GET', path: '/api/v1/users/:id', scope: read }, (call) => {
    const found = user(call);
    return ok(userAnswer(org, found), { etag: userEtag(found) });
  });
  for (const [id, method] of [
    ['updateUser', 'POST'],
    ['replaceUser', 'PUT'],
  ] as const) {
    operation(server, org, { id, method, path: '/api/v1/users/:id', scope: manage }, (call) => {
      const found = user(call);
      checkEtag(call, found);
      updateUser(org, found, asObject(call.body), call.actor, method === 'PUT');
      return ok(userAnswer(org, found), { etag: userEtag(found) });
    });
  }
  operation(server, org, { id: 'deleteUser', method: 'DELETE', path: '/api/v1/users/:id', scope: manage }, (call) => {
    deleteUser(org, user(call), call.actor);
    return noContent();
  });
  registerLifecycle(server, org, user);
  registerCredentials(server, org, user);
  operation(
    server,
    org,
    { id: 'revokeUserSessions', method: 'DELETE', path: '/api/v1/users/:id/sessions', scope: manage },
    (call) => {
      const found = user(call);
      endSessions(org, found);
      org.log.write({ eventType: 'user.session.clear', actor: call.actor, target: [userTarget(found)] });
      return noContent();
    },
  );
  operation(
    server,
    org,
    { id: 'listUserGroups', method: 'GET', path: '/api/v1/users/:id/groups', scope: read },
    (call) => {
      const groups = groupIdsOf(org, user(call).id).flatMap((id) => org.groups.get(id) ?? []);
      return ok(
        groups.map((group) => groupAnswer(org, group)),
        pageHeaders(call, undefined, groupLimits),
      );
    },
  );
  operation(
    server,
    org,
    { id: 'listAppLinks', method: 'GET', path: '/api/v1/users/:id/appLinks', scope: read },
    (call) => ok(appLinks(org, user(call))),
  );
  operation(
    server,
    org,
    { id: 'listUserBlocks', method: 'GET', path: '/api/v1/users/:id/blocks', scope: read },
    (call) => {
      user(call);
      throw new OktaError('E0000015');
    },
  );
}

function registerLifecycle(server: FastifyInstance, org: Org, user: (call: Call) => User): void {
  const path = '/api/v1/users/:id/lifecycle';
  for (const [id, name, run] of [
    ['activateUser', 'activate', activateUser],
    ['reactivateUser', 'reactivate', reactivateUser],
  ] as const) {
    operation(server, org, { id, method: 'POST', path: `${path}/${name}`, scope: manage }, (call) => {
      const token = run(org, user(call), call.actor);
      return ok(call.query.sendEmail === 'false' ? token : {});
    });
  }
  const simple = [
    ['deactivateUser', 'deactivate', deactivateUser],
    ['suspendUser', 'suspend', suspendUser],
    ['unsuspendUser', 'unsuspend', unsuspendUser],
    ['unlockUser', 'unlock', unlockUser],
  ] as const;
  for (const [id, name, run] of simple) {
    operation(server, org, { id, method: 'POST', path: `${path}/${name}`, scope: manage }, (call) => {
      run(org, user(call), call.actor);
      return ok({});
    });
  }
  operation(
    server,
    org,
    { id: 'resetPassword', method: 'POST', path: `${path}/reset_password`, scope: manage },
    (call) => {
      const found = user(call);
      if (found.provider.type !== 'OKTA') throw new OktaError('E0000017');
      if (['STAGED', 'SUSPENDED', 'DEPROVISIONED'].includes(found.status)) throw new OktaError('E0000038');
      setStatus(org, found, 'RECOVERY');
      org.log.write({ eventType: 'user.account.reset_password', actor: call.actor, target: [userTarget(found)] });
      return ok(
        call.query.sendEmail === 'false'
          ? { resetPasswordUrl: `${org.url}/signin/reset-password/${newSecret(20)}` }
          : {},
      );
    },
  );
  for (const [id, name] of [
    ['expirePassword', 'expire_password'],
    ['expirePasswordWithTempPassword', 'expire_password_with_temp_password'],
  ] as const) {
    operation(server, org, { id, method: 'POST', path: `${path}/${name}`, scope: manage }, (call) => {
      const found = user(call);
      if (['SUSPENDED', 'DEPROVISIONED', 'LOCKED_OUT'].includes(found.status)) throw new OktaError('E0000038');
      setStatus(org, found, 'PASSWORD_EXPIRED');
      if (id === 'expirePassword' && call.query.tempPassword !== 'true') return ok(userAnswer(org, found));
      const tempPassword = `Temp1${newSecret(8)}`;
      found.passwordHash = hashSecret(tempPassword);
      return ok({ tempPassword });
    });
  }
}

function registerCredentials(server: FastifyInstance, org: Org, user: (call: Call) => User): void {
  const path = '/api/v1/users/:id/credentials';
  operation(
    server,
    org,
    { id: 'changePassword', method: 'POST', path: `${path}/change_password`, scope: manage },
    (call) => {
      const found = user(call);
      const body = asObject(call.body);
      const next = asText(asObject(body.newPassword).value) ?? '';
      if (!['STAGED', 'ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY'].includes(found.status)) throw new OktaError('E0000035');
      if (!verifyPassword(found, asText(asObject(body.oldPassword).value) ?? '')) {
        throw new OktaError('E0000014', '', ['Old Password is not correct']);
      }
      checkPassword(next, String(found.profile.login));
      changeUser(org, found, () => {
        found.passwordHash = hashSecret(next);
        found.passwordChanged = org.clock.iso();
        if (found.status !== 'STAGED') found.status = 'ACTIVE';
      });
      org.log.write({ eventType: 'user.account.update_password', actor: call.actor, target: [userTarget(found)] });
      org.events.emit({ type: 'user.passwordChanged', userId: found.id });
      return ok(userCredentials(found));
    },
  );
  operation(
    server,
    org,
    { id: 'changeRecoveryQuestion', method: 'POST', path: `${path}/change_recovery_question`, scope: manage },
    (call) => {
      const found = user(call);
      const body = asObject(call.body);
      if (!verifyPassword(found, asText(asObject(body.password).value) ?? '')) {
        throw new OktaError('E0000014', '', ['Password is not correct']);
      }
      const question = asObject(body.recovery_question);
      found.recoveryQuestion = {
        question: String(question.question ?? ''),
        answer: hashSecret(String(question.answer ?? '')),
      };
      return ok(userCredentials(found));
    },
  );
  operation(
    server,
    org,
    { id: 'forgotPassword', method: 'POST', path: `${path}/forgot_password`, scope: manage },
    (call) => {
      const found = user(call);
      if (found.status !== 'ACTIVE' || found.provider.type !== 'OKTA') throw new OktaError('E0000034');
      return ok(
        call.query.sendEmail === 'false'
          ? { resetPasswordUrl: `${org.url}/signin/reset-password/${newSecret(20)}` }
          : {},
      );
    },
  );
}

/** @throws OktaError E0000242 or E0000231 if `If-Match` is wrong or names another version */
function checkEtag(call: Call, user: User): void {
  const wanted = call.request.headers['if-match'];
  if (wanted === undefined || wanted === '*') return;
  if (!/^(W\/)?"[^"]*"$/.test(wanted)) throw new OktaError('E0000242');
  if (wanted.replace(/^W\//, '') !== userEtag(user).replace(/^W\//, '')) throw new OktaError('E0000231');
}

function appLinks(org: Org, user: User) {
  return (org.appsOfUser.get(user.id)?.all() ?? []).flatMap((appId, index) => {
    const app = org.apps.get(appId);
    if (app === undefined || app.status !== 'ACTIVE') return [];
    return {
      id: `${user.id}${appId.slice(3)}`,
      label: app.label,
      linkUrl: `${org.url}/home/${app.name}/${app.id}/${app.linkId}`,
      logoUrl: link(org, `/apps/${app.id}/logo`).href,
      appName: app.name,
      appInstanceId: app.id,
      appAssignmentId: `0ua${appId.slice(3)}`,
      credentialsSetup: false,
      hidden: asObject(asObject(app.visibility).hide).web === true,
      sortOrder: index,
    };
  });
}
