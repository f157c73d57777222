import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { buildApi } from '../../../src/api/app.js';
import { AlarmsSchema } from '../../../src/api/schemas/alarm.js';
import { usualAlarmSettings } from '../../../src/config/alarm-settings.js';
import { apiTokens, bearer } from '../../api/api.js';
import { lookAgain } from '../../world/alarms.js';
import { edit } from '../../world/by-hand.js';
import { problems } from '../../world/problems.js';
import { startWorldWithoutWorkers } from '../../world/start-world.js';
import { WorldSweeps } from '../../world/sweeps.js';
import { SweptPeople } from '../../world/swept-people.js';
import { checkDrift, verify } from '../../world/verification-and-drift.js';
import { federationId, specification, type World } from '../../world/world.js';

const agreed = specification({ signOn: {} });
const aSecond = 1 / 3600;

describe('GET /v1/alarms', () => {
  let world: World;
  let app: FastifyInstance;

  beforeAll(async () => {
    world = await startWorldWithoutWorkers();
    await world.startWorkers({ ...usualAlarmSettings, gateStuckAfterHours: aSecond });
    app = await buildApi({ temporal: world.client, ledger: world.ledger, orgs: {}, apiTokens });
  });
  afterAll(async () => {
    await app.close();
    await world.stop();
  });

  const get = () => app.inject({ url: '/v1/alarms', headers: bearer('viewer') });

  /** Has everything looked at again until the API shows these alarms, each by kind and severity; returns them in full. */
  async function shows(...expected: readonly string[]): Promise<z.output<typeof AlarmsSchema>['alarms']> {
    let alarms: z.output<typeof AlarmsSchema>['alarms'] = [];
    const look = async () => {
      await lookAgain(world);
      const { lookedAt, ...answer } = AlarmsSchema.parse((await get()).json());
      alarms = answer.alarms;
      return lookedAt === null ? null : alarms.map(({ kind, severity }) => `${kind} ${severity}`);
    };
    await expect.poll(look, { timeout: 60_000 }).toEqual(expected);
    return alarms;
  }

  it('shows nothing, and that nobody has looked, before the first look', async () => {
    expect((await get()).json()).toEqual({ alarms: [], lookedAt: null });
  });

  it('shows a gate that waits for longer than the configuration says, until it is answered', async () => {
    await world.send('setup', agreed);
    const { gates } = await world.settled((answer) => answer.gates.length > 0);
    expect(gates.map(({ name }) => name)).toEqual(['targetAppConsole']);
    const [alarm] = await shows('gateStuck warning');
    expect(alarm).toMatchObject({ federationId, facts: { gates: 1, oldest: gates[0]?.openedAt } });

    await world.completeTargetAppConsole();
    await world.answer('targetAppConsole', 'done');
    expect(problems(await world.settled())).toEqual([]);
    await shows();
  });

  it('shows drift and a failed verification after a change by hand, each until it is looked for again', async () => {
    const { known } = await world.federations.get(federationId);
    await edit(world.spAdmin, `/api/v1/idps/${known.identityProviderId}`, {
      'policy.provisioning.action': 'DISABLED',
    });
    await checkDrift(world);
    const [drift] = await shows('drift critical');
    expect(drift?.facts).toEqual({ fields: ['identityProvider policy.provisioning.action'] });
    await verify(world);
    const [failed] = await shows('verificationFailed critical', 'drift critical');
    expect(failed?.facts.checks).toContain('pushAndJitAgree');

    expect(problems(await world.setUp(agreed))).toEqual([]);
    await checkDrift(world);
    await shows('verificationFailed critical');
    await verify(world);
    await shows();
  });

  it('shows a sweep whose fuse has blown, until somebody has decided', async () => {
    const sweeps = new WorldSweeps(world);
    await (await SweptPeople.of(world)).someone('left-behind', 'unassigned');
    const sweep = await sweeps.carryOut({ mode: 'enforce' });
    expect(sweep.state).toBe('gate');
    const [alarm] = await shows('fuseBlown critical');
    expect(alarm).toMatchObject({ federationId, facts: { workflowId: `sweep/${federationId}/${sweep.id}` } });

    await sweeps.decide(sweep.id, 'reject', sweep.listDigest);
    await sweeps.settled(sweep.id);
    await shows();
  });
});
