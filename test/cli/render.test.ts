import { describe, expect, it } from 'vitest';
import { renderApiProblem, renderGate, renderPlan, renderStep } from '../../src/cli/render.js';
import type { Assessment, Change } from '../../src/domain/assessment.js';
import { problem } from '../../src/domain/errors.js';
import type { OperationStatus, Step } from '../../src/domain/federation.js';
import type { Gate } from '../../src/domain/gate.js';

const step: Step = {
  name: 'org2orgApp',
  title: 'Org2Org app with the Base URL of the SP org',
  guide: 'Step 2',
  side: 'idp',
  state: 'pending',
  assessment: null,
  applied: [],
  gate: null,
  checks: [],
  problem: null,
  startedAt: null,
  endedAt: null,
};

const gate: Gate = {
  name: 'targetAppConsole',
  kind: 'targetAppConsole',
  question: 'Is it set up?',
  instructions: ['Open the console.', 'Upload the certificate.'],
  evidence: { signOnUrl: 'https://sp.example/sso', certificate: 'line one\nline two' },
  choices: [{ value: 'done', meaning: 'It is set up' }],
  role: 'operator',
  openedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-08T00:00:00.000Z',
  state: 'open',
  answer: null,
};

const change: Change = {
  org: 'company',
  resource: 'identityProvider',
  write: 'create',
  summary: 'Create the identity provider partner (Org2Org)',
  fields: [
    { field: 'name', before: null, after: 'partner (Org2Org)' },
    { field: 'issuer', before: 'http://old', after: { knownAfter: 'samlMetadata' } },
  ],
  reversible: true,
};

function planOf(...changes: Change[]): OperationStatus {
  const assessment: Assessment = {
    resource: 'identityProvider',
    org: 'company',
    id: null,
    observed: null,
    changes,
    blockers: [],
    candidates: [],
    explanation: '',
    evidence: [],
    known: {},
  };
  return {
    kind: 'plan',
    workflowId: 'federation/acme/plan/1',
    startedAt: '',
    startedBy: 'someone',
    endedAt: null,
    outcome: null,
    steps: [{ ...step, assessment }],
    known: {},
    chosen: {},
    answeredGates: [],
  };
}

describe('a step', () => {
  it('is one line: mark, place in the guide, title', () => {
    expect(renderStep(step)).toBe('· Step 2         Org2Org app with the Base URL of the SP org');
    expect(renderStep({ ...step, state: 'done' })).toMatch(/^✓ Step 2/);
  });

  it('names a state that is neither done nor to come', () => {
    expect(renderStep({ ...step, state: 'waiting' })).toMatch(/^~ .* {2}waiting$/);
  });

  it('lists what it wrote', () => {
    expect(renderStep({ ...step, state: 'done', applied: ['Created the app'] }).split('\n')[1]).toBe(
      '      Created the app',
    );
  });

  it('says what a person must mend', () => {
    const lines = renderStep({
      ...step,
      state: 'stopped',
      problem: problem('O2O_GROUP_MISSING', { org: 'a', group: 'b' }),
    });
    expect(lines).toContain('O2O_GROUP_MISSING: The org a has no group b.');
    expect(lines).toContain('Fix: ');
  });

  it('explains a check that did not pass', () => {
    const check = {
      name: 'x',
      statement: 'S',
      result: 'unknown',
      detail: 'no test user',
      fix: null,
      evidence: [],
    } as const;
    expect(renderStep({ ...step, checks: [check] })).toContain('unknown: S (no test user)');
  });
});

describe('a gate', () => {
  const lines = renderGate('acme', gate).split('\n');

  it('numbers what to do', () => {
    expect(lines).toContain('  1. Open the console.');
    expect(lines).toContain('  2. Upload the certificate.');
  });

  it('shows evidence of several lines as a block to copy', () => {
    const at = lines.indexOf('  certificate:');
    expect(lines.slice(at + 1, at + 3)).toEqual(['    line one', '    line two']);
  });

  it('offers the command for each choice', () => {
    expect(lines.at(-1)).toContain('org2org answer acme targetAppConsole done --why "…"');
  });
});

describe('a plan', () => {
  it('lists the changes under their org, field by field', () => {
    expect(renderPlan(planOf(change)).split('\n')).toEqual([
      'company:',
      '  + Create the identity provider partner (Org2Org)',
      '      name: partner (Org2Org)',
      '      issuer: http://old → (known after samlMetadata)',
    ]);
  });

  it('says when nothing would change', () => {
    expect(renderPlan(planOf())).toBe('Nothing would change: both orgs are as specified.');
  });
});

it('a problem of the API names each wrong field and what to do', () => {
  const rendered = renderApiProblem({
    type: 'urn:org2org:error:O2O_SPEC_INVALID',
    title: 'Spec invalid',
    status: 400,
    detail: 'The specification is not valid.',
    instance: '/v1/federations/acme',
    code: 'O2O_SPEC_INVALID',
    fix: 'Correct the fields.',
    retryable: false,
    org: null,
    requestId: 'r1',
    errors: [{ pointer: '/sp', message: 'is missing', fix: 'Add the field.' }],
  });
  expect(rendered.split('\n')).toEqual([
    'O2O_SPEC_INVALID: The specification is not valid.',
    '  /sp is missing. Add the field.',
    'Fix: Correct the fields.',
    'Request r1',
  ]);
});

it('colours by meaning', () => {
  const rendered = renderStep({ ...step, state: 'stopped' }, (tone, text) => `<${tone}>${text}`);
  expect(rendered).toContain('<bad>✗');
});
