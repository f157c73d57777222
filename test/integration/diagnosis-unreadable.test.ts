import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrgAdmin } from '../../demo/org-admin.js';
import { createServiceApp, scopesOf } from '../../demo/service-app.js';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { findOrg } from '../../src/config/org-registry.js';
import { DiagnosedWorld, notPassed, resultsOf } from '../world/diagnosis-world.js';
import { withoutPeople } from '../world/world.js';

let here: DiagnosedWorld;

beforeAll(async () => {
  here = await DiagnosedWorld.start(withoutPeople(), async (world) => {
    const { clientId, keyId, privateKey } = await createServiceApp(new OrgAdmin(world.sandbox.sp), scopesOf.sp);
    world.secrets.set('env:PARTNER_KEY', privateKey);
    const auth = { privateKey: { clientId, keyId, key: 'env:PARTNER_KEY', scopes: [...scopesOf.sp] } };
    world.orgs.set('partner', { ...findOrg(world.orgs, 'partner'), auth });
  });
});

afterAll(() => here.stop());

it('a worker of the SP org with the rights that the documentation asks for can tell everything', async () => {
  const { login } = await here.healthy('hedy');
  expect(notPassed(await here.diagnose(login))).toEqual([]);
});

describe('an org that cannot be read', () => {
  it.each(['idp', 'sp'] as const)('makes the checks of the %s side unknown, with the reason', async (org) => {
    const { login } = await here.healthy(`in-the-dark-${org}`);
    here.world.sandbox.faults.add(FaultRequest.parse({ org, kind: 'status', status: 503, count: null }));
    const diagnosis = await here.diagnose(login).finally(() => here.world.sandbox.faults.remove());
    expect(diagnosis.verdict.result).toBe('unknown');
    const seen = resultsOf(diagnosis);
    expect([seen.idpUserActive, seen.targetAppActive]).toEqual(
      org === 'idp' ? ['unknown', 'passed'] : ['passed', 'unknown'],
    );
    const unread = diagnosis.checks.find(({ name }) => name === (org === 'idp' ? 'idpUser' : 'spUser'));
    expect(unread?.detail).toContain('503');
  });

  it('is not waited for where only its System Log is slow', async () => {
    const { login } = await here.healthy('slow-log');
    const slow = { org: 'sp', operation: 'listLogEvents', kind: 'slow', delayMs: 20_000, count: null };
    here.world.sandbox.faults.add(FaultRequest.parse(slow));
    const diagnosis = await here.diagnose(login).finally(() => here.world.sandbox.faults.remove());
    const unknown = diagnosis.checks.filter(({ result }) => result !== 'passed');
    expect(unknown.map(({ name, result }) => [name, result])).toEqual([['lastSignIn', 'unknown']]);
  });

  it('in one thing only leaves the others known', async () => {
    const { login } = await here.healthy('half-seen');
    const fault = { org: 'sp', operation: 'listLogEvents', kind: 'status', status: 403, errorCode: 'E0000006' };
    here.world.sandbox.faults.add(FaultRequest.parse({ ...fault, count: null }));
    const diagnosis = await here.diagnose(login).finally(() => here.world.sandbox.faults.remove());
    const unknown = diagnosis.checks.filter(({ result }) => result !== 'passed');
    expect(unknown.map(({ name, result }) => [name, result])).toEqual([['lastSignIn', 'unknown']]);
    expect(unknown[0]?.fix).toContain('okta.logs.read');
  });
});
