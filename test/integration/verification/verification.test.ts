import { afterEach, expect, it } from 'vitest';
import { problems } from '../../world/problems.js';
import { startWorld } from '../../world/start-world.js';
import { canaries, verify } from '../../world/verification-and-drift.js';
import { federationId, specification, type World } from '../../world/world.js';

let world: World;

afterEach(() => world.stop());

it('shows the five lines of the guide and the key points, leaves no canary and makes the federation live', async () => {
  world = await startWorld();
  expect(problems(await world.setUp())).toEqual([]);
  const report = await verify(world);
  expect(report).toMatchObject({ result: 'passed', problems: [] });
  expect(report.checklist.map(({ name, result }) => `${name} ${result}`)).toEqual([
    'idpAuthentication passed',
    'crossTenantRedirect passed',
    'appearsInDirectory passed',
    'appAssignment passed',
    'endToEnd passed',
  ]);
  expect(report.keyPoints.map(({ name }) => name)).toEqual(['serviceAccount', 'pushAndJitAgree', 'deactivation']);
  const shown = [...report.checklist, ...report.configuration, ...report.keyPoints];
  expect(shown.filter(({ evidence }) => evidence.length === 0)).toEqual([]);
  expect(canaries(world)).toEqual([]);
  expect((await world.federations.get(federationId)).live).toMatchObject({ verification: 2, why: null });
});

it('tells owner, role, age and last use of the token where provisioning rests on one', async () => {
  world = await startWorld();
  const token = { provisioning: { auth: 'token', token: 'env:PARTNER_TOKEN' } };
  expect(problems(await world.setUp(specification(token)))).toEqual([]);
  const { keyPoints, result } = await verify(world);
  expect(result).toBe('passed');
  expect(keyPoints.map(({ name, result: found }) => `${name} ${found}`)).toEqual([
    'pushAndJitAgree passed',
    'spTokenAccepted passed',
    'spTokenOwner passed',
    'spTokenLife passed',
    'serviceAccount unknown',
    'deactivation passed',
  ]);
  expect(keyPoints.find(({ name }) => name === 'spTokenLife')?.detail).toMatch(
    /0 day\(s\) old, last used at .*, works until /,
  );
});
