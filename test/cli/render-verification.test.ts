import { describe, expect, it } from 'vitest';
import type { DriftAnswer } from '../../src/api/schemas/drift.js';
import type { VerificationAnswer } from '../../src/api/schemas/verification.js';
import { verificationPage } from '../../src/api/verification-page.js';
import { renderDrift, renderVerification } from '../../src/cli/render-verification.js';

const times = { startedAt: '2026-03-01T12:00:00.000Z', startedBy: 'ci', endedAt: '2026-03-01T12:01:00.000Z' };

const verification: VerificationAnswer = {
  federation: 'acme',
  workflowId: 'federation/acme/verification/3',
  ...times,
  result: 'failed',
  checklist: [
    {
      name: 'endToEnd',
      statement: 'End-to-end SSO completes <b>without</b> prompting',
      result: 'failed',
      detail: 'partner said "no" & <script>alert(1)</script>',
      fix: "Mend the target's console",
      evidence: [{ org: 'acme', operation: 'getUser', status: 200, at: times.startedAt, requestId: '<r>', facts: {} }],
    },
  ],
  configuration: [],
  keyPoints: [],
  canary: [],
  problems: [],
  live: { since: times.startedAt, verification: null, by: 'an approver', why: 'we <know> better' },
};

describe('a verification', () => {
  it('reads as a verdict, its checks and their fixes', () => {
    expect(renderVerification(verification)).toBe(
      [
        `Verification of acme: failed, live since ${times.startedAt}, by an approver`,
        '',
        "The guide's checklist",
        'failed  End-to-end SSO completes <b>without</b> prompting: partner said "no" & <script>alert(1)</script>',
        "        Fix: Mend the target's console",
      ].join('\n'),
    );
  });

  it('prints as one page without scripts, in which every text of Okta and of people is escaped', () => {
    const page = verificationPage(verification);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('we &lt;know&gt; better');
    expect(page).toContain('request &lt;r&gt;');
    expect(page).not.toMatch(/<script|<b>|<know>|<r>|src=|href=/);
  });
});

describe('a drift check', () => {
  const answer: DriftAnswer = {
    federation: 'acme',
    workflowId: 'federation/acme/drift/4',
    ...times,
    outcome: 'done',
    agrees: false,
    differences: [
      {
        org: 'partner',
        resource: 'identityProvider',
        field: 'policy.subject.matchType',
        specification: 'identityProvider.subjectMatch',
        agreed: 'USERNAME',
        found: 'EMAIL',
        security: true,
        ignored: false,
        mended: false,
        changed: {
          at: times.startedAt,
          actorId: '00u1',
          actorType: 'User',
          actorName: 'admin@partner.example',
          eventType: 'system.idp.lifecycle.update',
          eventId: 'e1',
        },
      },
    ],
    problems: [],
    gates: [],
  };

  it('reads in the words of the specification, with who changed it', () => {
    expect(renderDrift(answer)).toBe(
      [
        'Drift of acme: not as agreed',
        '≠ partner identityProvider identityProvider.subjectMatch (security)',
        '      policy.subject.matchType: agreed USERNAME, found EMAIL; last changed at 2026-03-01T12:00:00.000Z by admin@partner.example (system.idp.lifecycle.update)',
      ].join('\n'),
    );
  });

  it('says plainly that nothing differs', () => {
    expect(renderDrift({ ...answer, agrees: true, differences: [] })).toBe('Drift of acme: as agreed');
  });
});
