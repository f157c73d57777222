import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/domain/check.js';
import type { DiagnosisInput, IdpFacts, SeenSignIn, SpFacts } from '../../src/domain/diagnosis-facts.js';
import { lastAttempt } from '../../src/domain/diagnosis-last-sign-in.js';
import { problem } from '../../src/domain/errors.js';
import { explainPush, explainSignIn } from '../../src/domain/okta-reasons.js';
import { diagnose } from '../../src/domain/user-diagnosis.js';
import { verdictOf } from '../../src/domain/verdict.js';
import {
  assignment,
  forbidden,
  idp,
  idpUser,
  input,
  inputWith,
  now,
  provider,
  saw,
  sp,
  spUser,
  unpushed,
} from './diagnosis-facts.js';

interface Case {
  readonly idp?: Partial<IdpFacts>;
  readonly sp?: Partial<SpFacts>;
  readonly input?: DiagnosisInput;
}

function diagnosed(facts: Case) {
  return diagnose(
    facts.input ?? input,
    { facts: { ...idp, ...facts.idp }, problem: null },
    { facts: { ...sp, ...facts.sp }, problem: null },
    now,
  );
}

const push = (reason: string | null, at = '2026-03-01T11:00:00.000Z') => ({ at, succeeded: reason === null, reason });
const noUser = { user: saw(null), identityProviderIds: saw([]), groupIds: saw([]), targetAssignment: saw(null) };
const withToken = inputWith({ auth: 'token', serviceClientId: null });
const jitOnly = inputWith({ features: { create: false, update: true, deactivate: true } });
const createOff = saw({ create: 'DISABLED', update: 'ENABLED', deactivate: 'ENABLED' });

function signIn(reason: string | null, rest: Partial<SeenSignIn> = {}): SeenSignIn {
  return { at: '2026-03-01T11:30:00.000Z', succeeded: reason === null, reason, actorId: null, named: true, ...rest };
}

describe('a diagnosis', () => {
  it('passes every check where nothing is wrong', () => {
    const { checks, verdict } = diagnosed({});
    expect(checks.filter(({ result }) => result !== 'passed')).toEqual([]);
    expect(verdict).toEqual({ result: 'passed', check: null, sentence: 'Nothing keeps the user out.', fix: null });
  });

  const app = (change: object) => ({ idp: { app: saw({ ...(idp.app.seen ?? never()), ...change }) } });
  const idp2 = (change: object) => ({ sp: { identityProvider: saw({ ...provider, ...change }) } });
  const status = (value: string) => ({ sp: { user: saw({ ...spUser, status: value }) } });

  it.each<[string, RegExp, Case]>([
    ['idpUser', /Correct the login/, { idp: { user: saw(null), assignment: saw(null) } }],
    ['idpUserActive', /Unlock/, { idp: { user: saw({ ...idpUser, status: 'LOCKED_OUT' }) } }],
    [
      'idpUserActive',
      /new password in the IdP org/,
      { idp: { user: saw({ ...idpUser, status: 'PASSWORD_EXPIRED' }) } },
    ],
    ['org2orgAppActive', /same PUT/, app({ status: 'INACTIVE' })],
    ['org2orgAppActive', /makes the app anew/, { idp: { app: saw(null), metadata: saw(null) } }],
    ['assigned', /Onboard the user.*Partner users/, { idp: { assignment: saw(null) } }],
    ['baseUrl', /same PUT/, app({ baseUrl: 'https://partner.okta.com/' })],
    ['baseUrl', /same PUT/, app({ baseUrl: 'http://partner.okta.com' })],
    ['baseUrl', /same PUT/, app({ baseUrl: 'https://partner-admin.okta.com' })],
    ['baseUrl', /same PUT/, app({ baseUrl: null })],
    [
      'connectionEnabled',
      /tests and activates/,
      { idp: { connection: saw({ status: 'DISABLED' }), features: saw(null) } },
    ],
    ['serviceClient', /same PUT/, { sp: { serviceClient: saw(null) } }],
    ['serviceClient', /roles and scopes/, { sp: { serviceClient: saw({ status: 'ACTIVE', roles: [], scopes: [] }) } }],
    ['spTokens', /new API token/, { input: withToken, sp: { apiTokens: saw([]) } }],
    [
      'spTokens',
      /new API token/,
      { input: withToken, sp: { apiTokens: saw([{ id: '00T1', expiresAt: now, ownerStatus: 'ACTIVE' }]) } },
    ],
    [
      'connectionCredentials',
      /provisioning.token/,
      { idp: { appPushes: saw([push('The credentials used to connect to the API were invalid'), push(null)]) } },
    ],
    ['connectionCredentials', /org2orgApp.baseUrl/, { idp: { appPushes: saw([push('Invalid URL')]) } }],
    ['createUsers', /same PUT/, { idp: { features: createOff } }],
    ['provisioned', /Provision User/, { idp: { assignment: saw({ ...unpushed, status: 'ACTIVE' }) } }],
    ['provisioned', /Dashboard > Tasks/, { idp: { assignment: saw({ ...assignment, syncState: 'ERROR' }) } }],
    ['provisioned', /Dashboard > Tasks/, { idp: { assignment: saw({ ...unpushed, status: 'STAGED' }) } }],
    ['identityProviderActive', /same PUT/, idp2({ status: 'INACTIVE' })],
    ['identityProviderActive', /makes it anew/, { sp: { identityProvider: saw(null), trustedKeys: saw([]) } }],
    ['issuer', /same PUT/, idp2({ issuer: 'https://www.okta.com/exk1' })],
    ['audience', /same PUT/, app({ audRestriction: null })],
    ['acsUrl', /same PUT/, app({ acsUrl: 'https://partner.okta.com/sso/saml2/0oaOther' })],
    ['ssoUrl', /same PUT/, idp2({ ssoUrl: 'https://acme.okta.com/other' })],
    ['certificate', /same PUT/, { sp: { trustedKeys: saw([{ thumbprint: 'old', expiresAt: null }]) } }],
    ['overrides', /same PUT/, app({ overrides: { recipientOverride: 'https://x' } })],
    [
      'certificateValid',
      /new signing key/,
      { sp: { trustedKeys: saw([{ thumbprint: 'print', expiresAt: '2026-02-28T12:00:00.000Z' }]) } },
    ],
    ['subjectTemplate', /same PUT/, idp2({ subjectTemplate: 'idpuser.email' })],
    ['subjectMatches', /username format/, { sp: { user: saw({ ...spUser, login: 'jane@partner.example' }) } }],
    ['subjectFilter', /identityProvider.subjectFilter/, idp2({ subjectFilter: '(\\S+@other\\.example)' })],
    [
      'accountLink',
      /identityProvider.accountLink/,
      { sp: { identityProviderIds: saw([]), ...idp2({ accountLink: 'DISABLED' }).sp } },
    ],
    ['spUser', /creates the user anew/, { sp: noUser }],
    ['spUserSame', /another login in the SP org/, { sp: { loginHolder: saw({ id: '00uOther' }) } }],
    ['spUserStatus', /transition resume/, status('SUSPENDED')],
    ['spUserStatus', /offboard, then the transition reactivate/, status('DEPROVISIONED')],
    ['spUserStatus', /Unlock/, status('LOCKED_OUT')],
    ['spUserStatus', /Reset the password/, status('PASSWORD_EXPIRED')],
    ['spUserStatus', /password recovery/, status('RECOVERY')],
    [
      'credentialProvider',
      /Directory Integrations/,
      { sp: { user: saw({ ...spUser, provider: 'ACTIVE_DIRECTORY' }) } },
    ],
    ['targetAppActive', /activates the app/, { sp: { targetApp: saw({ status: 'INACTIVE' }) } }],
    ['accessGroup', /assigns the group/, { sp: { accessGroupAssigned: saw(false) } }],
    [
      'targetAppAssigned',
      /puts the user into the access group/,
      { sp: { groupIds: saw([]), targetAssignment: saw(null) } },
    ],
    [
      'targetAppProvisioned',
      /Dashboard > Tasks.*SP org/,
      { sp: { targetAssignment: saw({ status: 'STAGED', syncState: 'ERROR' }) } },
    ],
    [
      'updateUsers',
      /same PUT/,
      { idp: { features: saw({ create: 'ENABLED', update: 'DISABLED', deactivate: 'ENABLED' }) } },
    ],
    [
      'deactivateUsers',
      /same PUT/,
      { idp: { features: saw({ create: 'ENABLED', update: 'ENABLED', deactivate: 'DISABLED' }) } },
    ],
    ['profileMaster', /same PUT/, idp2({ profileMaster: true })],
  ])('has the verdict %s, with the fix %s', (check, fix, facts) => {
    const { verdict } = diagnosed(facts);
    expect(verdict.check).toBe(check);
    expect(verdict.fix).toMatch(fix);
  });

  it.each([
    ['an administrator', { roles: saw(['SUPER_ADMIN']), identityProviderIds: saw([]) }],
    ["another identity provider's user", { identityProviderIds: saw(['0oaOther']) }],
    ["a directory's user", { user: saw({ ...spUser, provider: 'LDAP' }), identityProviderIds: saw([]) }],
  ])('says first that %s holds the login in the SP org', (_, facts) => {
    const { verdict } = diagnosed({ idp: { assignment: saw(null) }, sp: facts });
    expect(verdict.check).toBe('spUserLinkable');
  });

  it('waits for a push as long as the specification says', () => {
    const staged = { ...unpushed, status: 'STAGED', since: '2026-03-01T11:50:00.000Z' };
    const { checks } = diagnosed({ idp: { assignment: saw(staged) } });
    expect(checks.find(({ name }) => name === 'provisioned')?.result).toBe('unknown');
  });

  it('counts a STAGED user of the SP org as ready where the first sign-on activates', () => {
    expect(diagnosed(status('STAGED')).verdict.result).toBe('passed');
    const off = diagnosed({ sp: { ...status('STAGED').sp, identityProvider: saw({ ...provider, jit: 'DISABLED' }) } });
    expect(off.verdict.check).toBe('spUserStatus');
  });

  it('takes a push that went through since for proof that the credentials are good', () => {
    const appPushes = saw([push(null), push('The credentials used to connect to the API were invalid')]);
    expect(diagnosed({ idp: { appPushes } }).verdict.result).toBe('passed');
  });

  it('blames just-in-time provisioning only where there is no SP user', () => {
    const off = { identityProvider: saw({ ...provider, jit: 'DISABLED' }) };
    expect(diagnosed({ sp: off }).verdict.result).toBe('passed');
    const facts = { input: jitOnly, idp: { features: createOff, assignment: saw(unpushed) } };
    expect(diagnosed({ ...facts, sp: { ...noUser, ...off } }).verdict.check).toBe('jit');
    expect(diagnosed({ ...facts, sp: noUser }).verdict.result).toBe('unknown');
  });

  it('with a dead token beside living ones cannot tell which one is connected', () => {
    const apiTokens = saw([
      { id: '00T1', expiresAt: null, ownerStatus: 'ACTIVE' },
      { id: '00T2', expiresAt: null, ownerStatus: 'SUSPENDED' },
    ]);
    const { checks } = diagnosed({ input: withToken, sp: { apiTokens } });
    expect(checks.find(({ name }) => name === 'spTokens')?.result).toBe('unknown');
  });

  it('calls unknown what Okta forbids to read, and goes on', () => {
    const { checks, verdict } = diagnosed({ sp: { signIns: forbidden } });
    expect(checks.filter(({ result }) => result === 'unknown').map(({ name }) => name)).toEqual(['lastSignIn']);
    expect(verdict).toMatchObject({ result: 'unknown', check: null, fix: expect.stringContaining('okta.x') });
  });

  it('needs no System Log of the IdP org to see that a user was pushed, or never will be', () => {
    const dark = { pushes: forbidden, appPushes: forbidden, signOns: forbidden };
    const { checks } = diagnosed({ idp: dark });
    expect(checks.filter(({ result }) => result !== 'passed').map(({ name }) => name)).toEqual([
      'connectionCredentials',
      'lastSignIn',
      'groupPush',
    ]);
    const tooEarly = diagnosed({ idp: { ...dark, assignment: saw({ ...unpushed, status: 'ACTIVE' }) } });
    expect(tooEarly.verdict.check).toBe('provisioned');
  });

  it('forgets why a push failed before the user was assigned anew', () => {
    const staged = { ...unpushed, status: 'STAGED', since: '2026-03-01T11:50:00.000Z' };
    const { checks } = diagnosed({ idp: { assignment: saw(staged), pushes: saw([push('Matching user not found')]) } });
    expect(checks.find(({ name }) => name === 'provisioned')?.result).toBe('unknown');
  });

  it('without an org says what the other one shows', () => {
    const away = { facts: null, problem: problem('O2O_OKTA_UNREACHABLE', { org: 'partner', detail: 'refused' }) };
    const suspended = { ...idp, user: saw({ ...idpUser, status: 'SUSPENDED' }) };
    const { checks, verdict } = diagnose(input, { facts: suspended, problem: null }, away, now);
    expect(verdict.check).toBe('idpUserActive');
    expect(checks.filter(({ result }) => result === 'failed')).toHaveLength(1);
    expect(checks.find(({ name }) => name === 'spUser')).toMatchObject({
      result: 'unknown',
      detail: 'The org partner did not answer: refused.',
    });
  });
});

describe('the verdict', () => {
  const result = fc.constantFrom<Check['result']>('passed', 'failed', 'unknown');
  const checks = fc.array(result).map((all) =>
    all.map((each, index): Check => {
      const fix = each === 'passed' ? null : `fix ${index}`;
      return { name: `check ${index}`, statement: 's', result: each, detail: 'd', fix, evidence: [] };
    }),
  );

  it('is always the first failed check, with its fix', () => {
    fc.assert(
      fc.property(checks, (all) => {
        const first = all.find((check) => check.result === 'failed');
        const verdict = verdictOf(all, { passed: 'Nothing', unknown: 'Nothing seen' });
        expect(verdict.check).toBe(first?.name ?? null);
        if (first !== undefined) expect(verdict.fix).toBe(first.fix);
        const clean = all.every((check) => check.result === 'passed');
        expect(verdict.result === 'passed').toBe(clean);
      }),
    );
  });
});

describe("Okta's reason for a failed sign-on", () => {
  it.each([
    ['The Issuer in the SAML response did not match the Issuer configured for the Identity Provider', 'issuer'],
    [
      'The Identity Provider specified Conditions, but did not designate us as the target for these conditions. Found "a", expected "b"',
      'audience',
    ],
    [
      "The digital signature in the SAML response did not validate with the Identity Provider's certificate",
      'certificate',
    ],
    ['Unable to transform email to username', 'subjectTemplate'],
    ['Unable to match the transformed username', 'subjectMatches'],
    ['User Not Found', 'spUser'],
    ['Unable to Validate User due to Invalid Status', 'spUserStatus'],
    ['Unable to validate incoming SAML Assertion', 'acsUrl'],
  ])('%s leads to the check %s', (reason, check) => {
    expect(explainSignIn(reason).seenBy).toContain(check);
    const { checks } = diagnosed({ sp: { signIns: saw([signIn(reason)]) } });
    const last = checks.find(({ name }) => name === 'lastSignIn');
    expect([last?.result, last?.detail]).toEqual(['unknown', expect.stringContaining('in order now')]);
  });

  it('that no check can see stays a failure, with the fix for accounts that are linked under another name', () => {
    const { verdict } = diagnosed({ sp: { signIns: saw([signIn('GENERAL_NONSUCCESS')]) } });
    expect([verdict.check, verdict.fix]).toEqual(['lastSignIn', expect.stringContaining('honorPersistentNameId')]);
  });

  it('counts while its cause lasts', () => {
    const facts = { input: jitOnly, idp: { features: createOff, assignment: saw(unpushed) } };
    const { verdict } = diagnosed({ ...facts, sp: { ...noUser, signIns: saw([signIn('User Not Found')]) } });
    expect([verdict.check, verdict.fix]).toEqual(['lastSignIn', expect.stringContaining('Customizations > Other')]);
  });

  it('is forgotten after a sign-on that went through', () => {
    const signIns = saw([signIn(null, { at: '2026-03-01T11:40:00.000Z' }), signIn('User Not Found')]);
    expect(diagnosed({ sp: { signIns } }).verdict.result).toBe('passed');
  });

  it('is that of the IdP org where the user did not get further', () => {
    const { verdict } = diagnosed({ idp: { signOns: saw([signIn('Sign-on policy denied')]) } });
    expect([verdict.check, verdict.fix]).toEqual(['lastSignIn', expect.stringContaining('sign-on policy')]);
  });
});

describe('a sign-on that names nobody', () => {
  const left = signIn(null, { at: '2026-03-01T11:30:00.000Z' });
  const at = (time: string, rest: Partial<SeenSignIn> = {}) =>
    signIn('User Not Found', { at: `2026-03-01T${time}Z`, named: false, ...rest });

  it('is taken for the one of a user who left the IdP org right before', () => {
    const refused = at('11:30:02.000');
    expect(lastAttempt([refused], [left], '00uSp')).toEqual({ event: refused, inferred: true });
  });

  it.each([
    ['long after', [at('11:31:00.000')]],
    ['before', [at('11:29:59.000')]],
    ['of somebody else', [at('11:30:02.000', { actorId: '00uOther' })]],
  ])('is not where it is %s', (_, signIns) => {
    expect(lastAttempt(signIns, [left], '00uSp')).toBeNull();
  });

  it("is not where the user's own sign-on followed", () => {
    const own = signIn(null, { at: '2026-03-01T11:30:01.000Z', actorId: '00uSp', named: false });
    expect(lastAttempt([at('11:30:02.000'), own], [left], '00uSp')).toEqual({ event: own, inferred: false });
  });
});

describe("Okta's reason for a failed push", () => {
  it.each([
    ['Invalid Value for initialStatus field (code notOneOf)', 'user', /initialStatus/],
    ['E0000023 Operation failed because user profile is mastered under another system', 'user', /profileMaster/],
    ['User was assigned to this application before Provisioning was enabled', 'user', /Provision User/],
    ['Matching user not found', 'user', /features.create/],
    ['The credentials used to connect to the API were invalid', 'credentials', /service client.*API token/],
    ['Not authorized: The client is inactive', 'credentials', /service client/],
    ['Error while creating the user: HTTP 403: E0000006 You do not have permission', 'rights', /USER_ADMIN/],
    ['Invalid URL: the remote org did not answer.', 'address', /baseUrl/],
    ['HTTP 400: E0000001 Api validation failed: email', 'user', /attribute/],
    ['Something new', 'user', /Dashboard > Tasks/],
    [null, 'user', /Dashboard > Tasks/],
  ])('%s is for the sake of the %s', (reason, cause, fix) => {
    const explained = explainPush(reason);
    expect([explained.cause, explained.fix]).toEqual([cause, expect.stringMatching(fix)]);
  });
});

function never(): never {
  throw new Error('the fixture has an app');
}
