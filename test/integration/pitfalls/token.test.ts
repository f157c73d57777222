import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inConsole } from '../../../sandbox/control/console.js';
import { FaultRequest } from '../../../sandbox/control/faults.js';
import type { Check } from '../../../src/domain/check.js';
import { standingAlarms } from '../../world/alarms.js';
import { DiagnosedWorld, password } from '../../world/diagnosis-world.js';
import { id, objects } from '../../world/okta-admin.js';
import { verify } from '../../world/verification-and-drift.js';
import { type World, withoutPeople } from '../../world/world.js';

const withToken = withoutPeople({ provisioning: { auth: 'token', token: 'env:ORG2ORG_TOKEN' } });
const dayMs = 24 * 60 * 60 * 1000;

let here: DiagnosedWorld;
let ownerId: string;

beforeAll(async () => {
  here = await DiagnosedWorld.start(withToken, async (world) => {
    ownerId = await world.spAdmin.addUser('robot@partner.example', password);
    await world.spAdmin.post(`/api/v1/users/${ownerId}/roles`, { type: 'SUPER_ADMIN' });
    await newToken(world);
  });
});
afterAll(() => here.stop());

/** A new token of the service account, where the specification says that it is. */
async function newToken(world: World): Promise<void> {
  const made = await inConsole(world.sandbox, { action: 'createApiToken', org: 'sp', owner: ownerId, name: 'Org2Org' });
  world.secrets.set('env:ORG2ORG_TOKEN', String(made.token));
}

/** Kind and severity of each alarm that stands. */
async function alarms(): Promise<readonly string[] | undefined> {
  return (await standingAlarms(here.world))?.map(({ kind, severity }) => `${kind} ${severity}`);
}

/** Result of the check with this name, and what it says, with its fix. */
function told(checks: readonly Check[], name: string): readonly [result: string | undefined, told: string] {
  const check = checks.find((found) => found.name === name);
  return [check?.result, `${check?.detail}; ${check?.fix ?? ''}`];
}

describe('the credentials verify, the assignment fails: the owner of the token is no Super Admin', () => {
  const superAdmin = expect.stringMatching(/READ_ONLY_ADMIN; Create the token as a service account.*Super Admin/);
  const roles = () => `/api/v1/users/${ownerId}/roles`;

  beforeAll(async () => {
    const [role] = objects(await here.world.spAdmin.get(roles()));
    await here.world.spAdmin.delete(`${roles()}/${id(role)}`);
    await here.world.spAdmin.post(roles(), { type: 'READ_ONLY_ADMIN' });
  });
  afterAll(() => here.world.spAdmin.post(roles(), { type: 'SUPER_ADMIN' }));

  it('is named by the diagnosis of the user whose push failed', async () => {
    const { login, idpId } = await here.newcomer('too-few-rights');
    await here.connection('activate');
    await here.assign(idpId);
    expect(await here.verdictOn(login)).toEqual({
      check: 'provisioned',
      told: expect.stringMatching(/403.*use a token of a Super Admin/),
    });
    await here.unassign(idpId);
  });

  it('is named by the verification', async () => {
    expect(told((await verify(here.world)).keyPoints, 'spTokenOwner')).toEqual(['failed', superAdmin]);
  });

  it('is named by the setup, which asks for another token', async () => {
    await here.world.setUp(withToken);
    const { gates, steps } = await here.world.settled((answer) => answer.gates.length > 0);
    expect(gates.map(({ name }) => name)).toEqual(['spToken']);
    const checks = steps.find(({ name }) => name === 'spToken')?.checks ?? [];
    expect(told(checks, 'spTokenOwner')).toEqual(['failed', superAdmin]);
    await here.world.answer('spToken', 'refuse');
    await here.world.settled();
  });
});

describe('the token ends soon: nobody has used it for 25 days', () => {
  beforeAll(async () => {
    await here.setUp(withToken);
    await here.world.completeTargetAppConsole();
    const { clock } = here.world.sandbox.sp.org;
    clock.advance(-25 * dayMs);
    await here.healthy('before-the-token-was-forgotten');
    clock.advance(25 * dayMs);
  });

  it('is named by the verification, which has not used it before it looks, and by an alarm', async () => {
    const { keyPoints } = await verify(here.world);
    expect(told(keyPoints, 'spTokenAccepted')[0]).toBe('passed');
    expect(told(keyPoints, 'spTokenLife')).toEqual([
      'failed',
      expect.stringMatching(/last used at .*, works until .*see why nothing is provisioned/),
    ]);
    await expect.poll(alarms, { timeout: 60_000 }).toEqual(['tokenExpires critical', 'verificationFailed critical']);
  });

  it('is over once the token was used: the verification itself does so', async () => {
    expect(told((await verify(here.world)).keyPoints, 'spTokenLife')[0]).toBe('passed');
    await expect.poll(alarms, { timeout: 60_000 }).toEqual([]);
  });

  it("tells that it sees its own use alone where the SP org's worker may read no tokens", async () => {
    const fault = { org: 'sp', operation: 'listApiTokens', kind: 'status', status: 403, errorCode: 'E0000006' };
    here.world.sandbox.faults.add(FaultRequest.parse(fault));
    const life = told((await verify(here.world)).keyPoints, 'spTokenLife');
    expect(life).toEqual(['passed', expect.stringMatching(/last use is this verification.*okta\.apiTokens\.read/)]);
  });
});

describe('the token has expired: nobody has used it for 30 days', () => {
  let login: string;

  beforeAll(async () => {
    await here.setUp(withToken);
    login = await provisionedLongAgo('before-the-token-expired');
    await here.assign((await here.newcomer('after-the-token-expired')).idpId);
  });

  /** The last user for whom the connection used its token. The administrator's token was used since. */
  async function provisionedLongAgo(name: string): Promise<string> {
    const { clock } = here.world.sandbox.sp.org;
    clock.advance(-31 * dayMs);
    const last = await here.healthy(name);
    clock.advance(20 * dayMs);
    await here.world.spAdmin.get('/api/v1/users/me');
    clock.advance(11 * dayMs);
    return last.login;
  }

  it('is named by the diagnosis', async () => {
    expect(await here.verdictOn(login)).toEqual({
      check: 'connectionCredentials',
      told: expect.stringMatching(
        /credentials used to connect to the API were invalid.*new API token of a Super Admin/,
      ),
    });
    const { checks } = await here.diagnose(login);
    expect(told(checks, 'spTokens')).toEqual([
      'unknown',
      expect.stringMatching(/dead ones.*new API token of a Super Admin service account/),
    ]);
  });

  it('is named by the verification', async () => {
    expect(told((await verify(here.world)).keyPoints, 'spTokenAccepted')).toEqual([
      'failed',
      expect.stringMatching(/refuses.*Create a token as a service account.*PUT again/),
    ]);
  });

  it('is named by an alarm', async () => {
    await expect.poll(alarms, { timeout: 60_000 }).toEqual(['tokenExpires critical', 'verificationFailed critical']);
  });
});
