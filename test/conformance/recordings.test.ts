import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences } from '../../sandbox/conformance/comparison.js';
import { isIdentifier } from '../../sandbox/conformance/identifiers.js';
import { readOpenApi } from '../../sandbox/conformance/openapi.js';
import { readScenarios, scenarioDirectory } from '../../sandbox/conformance/recordings.js';
import { replayScenario } from '../../sandbox/conformance/replay.js';
import { type Report, reportOf } from '../../sandbox/conformance/report.js';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.js';

const scenarios = readScenarios(scenarioDirectory());
const openApi = readOpenApi();

describe.skipIf(scenarios === undefined)('recorded conversations with Okta', () => {
  let sandbox: Sandbox;
  let report: Report;
  beforeAll(async () => {
    sandbox = await startSandbox({ openConnections: true });
    const results = [];
    for (const scenario of scenarios ?? []) results.push(...(await replayScenario(sandbox.idp, scenario, openApi)));
    report = reportOf(results);
  }, 120_000);
  afterAll(() => sandbox.stop());

  it('get the recorded status in at least 98 of 100 steps', () => {
    expect(report.steps).toBeGreaterThan(900);
    expect(report.sameStatusShare).toBeGreaterThanOrEqual(0.98);
  });

  it('get every key in the recorded type, but for differences with a reason', () => {
    expect([report.missingKeys, report.wrongTypes]).toEqual([0, 0]);
  });

  it("get answers that fit Okta's API description", () => {
    expect(report.violations).toBe(0);
  });
});

describe.skipIf(openApi === undefined)("Okta's API description as a judge", () => {
  it('finds a wrong request and a wrong answer', () => {
    expect(openApi?.checkRequest('POST', '/api/v1/groups', { profile: { name: 7 } })).not.toEqual([]);
    expect(openApi?.checkResponse('GET', '/api/v1/groups/00g1', 200, { id: 7 })).not.toEqual([]);
    expect(openApi?.checkRequest('POST', '/api/v1/groups', { profile: { name: 'Sales' } })).toEqual([]);
  });
});

describe('the comparison of two answers', () => {
  it('finds missing keys and wrong types at any depth, and lets own keys pass', () => {
    const recorded = { a: { b: 'x', c: [{ d: 1 }] }, e: null };
    expect(differences(recorded, { a: { b: 'y', c: [{ d: 2 }], own: true }, e: null })).toEqual([]);
    expect(differences(recorded, { a: { b: 1, c: [{}] }, e: null })).toEqual([
      { kind: 'type', path: '/a/b', recorded: 'string', live: 'number' },
      { kind: 'missing', path: '/a/c[0]/d', recorded: 'number', live: 'absent' },
    ]);
  });
});

describe('what counts as an id that an org chose', () => {
  it.each([
    '0oakwr906fXEJvDlK1d7',
    '0oa1testapp12345678',
    '572581f4-e3ae-4a50-9d6e-0f3f4c1c6b1a',
    'b-aWcq9q5sjB_wfWfazE-KJC4wRL5bDSuySCSVIOqFo',
  ])('%s does', (text) => expect(isIdentifier(text)).toBe(true));
  it.each([
    'defaultRelayState',
    'implicitAssignment',
    'subjectNameIdTemplate',
    'allowMultipleAcsEndpoints',
    'SUPER_ADMIN',
  ])('%s does not', (text) => expect(isIdentifier(text)).toBe(false));
});
