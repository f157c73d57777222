import { describe, expect, it } from 'vitest';
import type { VerificationAnswer } from '../../src/api/schemas/verification.js';
import { verificationPage } from '../../src/api/verification-page.js';
import type { Check } from '../../src/domain/check.js';

const at = '2026-03-01T12:00:00.000Z';

/** What an org, or somebody in it, may have written into a name or an error, to get into the reader's browser. */
const hostile = `"'><script src=//evil.example></script><img src=x onerror=alert(1)>&lt;`;

/** The same, as the page must have it. */
const harmless =
  '&quot;&#39;&gt;&lt;script src=//evil.example&gt;&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&amp;lt;';

function check(name: string, result: Check['result'], fix: string | null): Check {
  const read = {
    org: 'partner',
    operation: 'getUser',
    status: 200,
    at,
    requestId: 'r-1',
    facts: { token: 'kept away' },
  };
  return {
    name,
    statement: `${name} holds`,
    result,
    detail: `${name} was looked at`,
    fix,
    evidence: [{ ...read, operation: 'listUsers' }, read],
  };
}

const report: VerificationAnswer = {
  federation: 'acme-to-partner',
  workflowId: 'federation/acme-to-partner/verification/3',
  startedAt: at,
  startedBy: 'ci',
  endedAt: null,
  result: 'failed',
  checklist: [check('endToEnd', 'failed', 'Mend the sign-on')],
  configuration: [check('issuer', 'passed', null)],
  keyPoints: [check('serviceAccount', 'unknown', 'Ask an administrator')],
  canary: [check('noCanaryLeft', 'passed', null)],
  problems: [
    { code: 'O2O_NO_WORKER', message: 'No worker serves acme.', fix: 'Start one.', retryable: true, org: 'acme' },
  ],
  live: null,
};

describe('the page of a verification', () => {
  it.each([
    ['endToEnd', 'failed', 'Mend the sign-on'],
    ['issuer', 'passed', null],
    ['serviceAccount', 'unknown', 'Ask an administrator'],
    ['noCanaryLeft', 'passed', null],
  ])('has a row of %s with its result, what was seen, the fix and the last read', (name, result, fix) => {
    const row = verificationPage(report)
      .split('<tr>')
      .find((each) => each.includes(`${name} holds`));
    expect(row).toContain(`<td class="${result}">${result}</td>`);
    expect(row).toContain(`${name} was looked at`);
    expect(row?.includes('Fix: ')).toBe(fix !== null);
    if (fix !== null) expect(row).toContain(`Fix: ${fix}`);
    expect(row).toContain(`partner getUser: status 200 at ${at}, request r-1 and 1 read(s) before it`);
  });

  it('says what stopped it, with the fix, and that the federation is not live', () => {
    const page = verificationPage(report);
    expect(page).toContain('<li>No worker serves acme. <span class="fix">Fix: Start one.</span></li>');
    expect(page).toContain('Result: <strong class="failed">failed</strong>. It is not live.');
  });

  it('has no fact of the evidence: what a read showed stays in the API', () => {
    expect(verificationPage(report)).not.toContain('kept away');
  });

  it('shows hostile text wherever it stands as the text that it is', () => {
    const evidence = [{ org: hostile, operation: hostile, status: 200, at: hostile, requestId: hostile, facts: {} }];
    const written = { name: hostile, statement: hostile, detail: hostile, fix: hostile, evidence };
    const page = verificationPage({
      ...report,
      federation: hostile,
      workflowId: hostile,
      startedAt: hostile,
      startedBy: hostile,
      endedAt: hostile,
      checklist: [{ ...written, result: 'failed' }],
      problems: [{ code: 'O2O_NO_WORKER', message: hostile, fix: hostile, retryable: true, org: hostile }],
      live: { since: hostile, verification: null, by: hostile, why: hostile },
    });
    // Title and heading, four of the times, three of live, two of the problem, three of the row and four of its evidence.
    expect(page.split(harmless)).toHaveLength(1 + 2 + 4 + 3 + 2 + 3 + 4);
    expect(page).not.toMatch(/<script|<img|onerror=[^&]*>|"'>/);
  });

  it('needs nothing from elsewhere, and runs nothing', () => {
    expect(verificationPage(report)).not.toMatch(/<script|<link|<img|\bhref=|\bsrc=|url\(|@import/);
  });
});
