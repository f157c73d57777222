import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Org } from '../../../sandbox/core/org.js';
import type { IdentityProvider, SigningKey, User } from '../../../sandbox/core/records.js';
import { systemActor } from '../../../sandbox/core/system-log.js';
import { isMember } from '../../../sandbox/management/group-members.js';
import { suspendUser } from '../../../sandbox/management/user-lifecycle.js';
import { createUser, updateUser } from '../../../sandbox/management/users.js';
import { nameIdFormats } from '../../../sandbox/saml/names.js';
import { type ResponseContent, signedResponse } from '../../../sandbox/saml/response.js';
import {
  addGroup,
  addIdentityProvider,
  addUser,
  base64,
  content,
  events,
  newKey,
  type ProviderOptions,
  postForm,
  type RunningOrg,
  signature,
  startOrg,
} from './fixture.js';

const issuer = 'http://www.okta.com/exkTrusted';

let running: RunningOrg;
let org: Org;
let key: SigningKey;
let login: string;
let count = 0;

beforeAll(async () => {
  running = await startOrg('sp');
  org = running.org;
  key = await newKey(org);
});
afterAll(() => running.stop());
beforeEach(() => {
  count += 1;
  login = `person${count}@one.example`;
  org.settings.jit = true;
});

function provider(changes: Pick<ProviderOptions, 'protocol' | 'policy'> = {}): Promise<IdentityProvider> {
  return addIdentityProvider(org, { issuer, certificate: key.certificate, ...changes });
}

const uri = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri';

function attributes(values: Record<string, string | string[]>) {
  return Object.entries(values).map(([name, value]) => ({ name, nameFormat: uri, values: [value].flat() }));
}

/** Signs in at the identity provider's ACS: the status of the answer and, if refused, why. */
async function signIn(to: IdentityProvider, changes: Partial<ResponseContent> = {}) {
  const person = attributes({ firstName: 'Ann', lastName: 'Other', email: login });
  const addressee = { acsUrl: `${org.url}/sso/saml2/${to.id}`, audience: to.audience, issuer };
  const says = content(addressee, org.clock.now(), { nameId: login, attributes: person, ...changes });
  const xml = signedResponse(says, signature(key));
  const answer = await postForm(addressee.acsUrl, { SAMLResponse: base64(xml) });
  const event = events(org, 'user.authentication.auth_via_IDP').at(-1);
  return { status: answer.status, reason: event?.outcome?.reason ?? null, detail: event?.debugData?.detail };
}

function userNamed(name: string): User | undefined {
  return org.users.find((user) => user.profile.login === name);
}

describe('a person whom nobody knows', () => {
  it('is created just in time, and not again at the next sign-on', async () => {
    const to = await provider();
    expect((await signIn(to)).status).toBe(303);
    expect((await signIn(to)).status).toBe(303);
    expect(org.users.filter((user) => user.profile.login === login)).toHaveLength(1);
    expect(userNamed(login)).toMatchObject({ status: 'ACTIVE', provider: { type: 'FEDERATION' }, masteredBy: null });
    expect(org.identityProviderUsers.get(to.id)?.all()).toMatchObject([
      { externalId: login, profile: { subjectNameId: login, firstName: 'Ann' } },
    ]);
  });

  it.each(['firstName', 'lastName', 'email'])('is refused without the attribute %s', async (missing) => {
    const given = { firstName: 'Ann', lastName: 'Other', email: login };
    const sent = attributes({ ...given, [missing]: '' });
    const refusal = await signIn(await provider(), { attributes: sent });
    expect(refusal).toMatchObject({ status: 400, reason: 'User Not Found' });
    expect(refusal.detail).toContain(missing);
    expect(userNamed(login)).toBeUndefined();
  });

  it('is refused if the name is no login of this org', async () => {
    const refusal = await signIn(await provider(), { nameId: 'no-address' });
    expect(refusal).toMatchObject({ status: 400, reason: 'User Not Found' });
    expect(refusal.detail).toMatch(/email address/);
  });

  it('is refused while the switch of the org is off', async () => {
    org.settings.jit = false;
    expect(await signIn(await provider())).toMatchObject({ status: 400, reason: 'User Not Found' });
  });

  it('is refused while the identity provider does not provision', async () => {
    const to = await provider({
      policy: (policy) => {
        policy.provisioning.action = 'DISABLED';
      },
    });
    expect(await signIn(to)).toMatchObject({ status: 400, reason: 'User Not Found' });
  });
});

describe('the username', () => {
  it('is what the template makes of the assertion', async () => {
    const to = await provider({
      policy: (policy) => {
        policy.subject.userNameTemplate.template = '${String.substringBefore(idpuser.email, "@")}@two.example';
      },
    });
    expect((await signIn(to)).status).toBe(303);
    expect(userNamed(login.replace('one', 'two'))).toBeDefined();
  });

  it('is refused if the template yields nothing', async () => {
    const to = await provider({
      policy: (policy) => {
        policy.subject.userNameTemplate.template = 'idpuser.nickName';
      },
    });
    expect(await signIn(to)).toMatchObject({ status: 400, reason: 'Unable to transform email to username' });
  });

  it('must pass the filter as a whole', async () => {
    const to = await provider({
      policy: (policy) => {
        policy.subject.filter = '(\\S+@one\\.example)';
      },
    });
    expect((await signIn(to)).status).toBe(303);
    const refused = await signIn(to, { nameId: `${login}.evil.example` });
    expect(refused).toMatchObject({ status: 400, reason: 'Unable to match the transformed username' });
  });

  it('finds a user by login in any case', async () => {
    const user = addUser(org, login);
    expect((await signIn(await provider(), { nameId: login.toUpperCase() })).status).toBe(303);
    expect(user.lastLogin).not.toBeNull();
  });

  it.each(['EMAIL', 'USERNAME_OR_EMAIL'])('finds a user by address with match type %s', async (matchType) => {
    const user = addUser(org, `other-${login}`, { email: login });
    const to = await provider({
      policy: (policy) => {
        policy.subject.matchType = matchType;
      },
    });
    expect((await signIn(to)).status).toBe(303);
    expect(user.lastLogin).not.toBeNull();
  });

  it('finds a user by another attribute', async () => {
    const user = addUser(org, login, { employeeNumber: `E-${count}` });
    const to = await provider({
      policy: (policy) => {
        policy.subject.matchType = 'CUSTOM_ATTRIBUTE';
        policy.subject.matchAttribute = 'employeeNumber';
      },
    });
    expect((await signIn(to, { nameId: `E-${count}` })).status).toBe(303);
    expect(user.lastLogin).not.toBeNull();
  });

  it('is refused if it stands for two users', async () => {
    addUser(org, `a-${login}`, { email: login });
    addUser(org, `b-${login}`, { email: login });
    const to = await provider({
      policy: (policy) => {
        policy.subject.matchType = 'EMAIL';
      },
    });
    expect(await signIn(to)).toMatchObject({ status: 400, reason: 'Unable to match the transformed username' });
  });

  it('no longer matters once a persistent name is linked', async () => {
    const user = addUser(org, login);
    const to = await provider({
      policy: (policy) => {
        policy.subject.userNameTemplate.template = 'idpuser.email';
      },
    });
    const persistent = { nameId: 'opaque-1', nameIdFormat: nameIdFormats.persistent };
    expect((await signIn(to, persistent)).status).toBe(303);
    updateUser(org, user, { profile: { login: `new-${login}`, email: `new-${login}` } }, systemActor, false);
    expect((await signIn(to, persistent)).status).toBe(303);
    expect(userNamed(login)).toBeUndefined();
  });
});

describe('a link to a user who exists', () => {
  it('is refused while account link is disabled, unless it is there already', async () => {
    addUser(org, login);
    const to = await provider();
    expect((await signIn(to)).status).toBe(303);
    to.policy = { ...to.policy, accountLink: { action: 'DISABLED', filter: null } };
    expect((await signIn(to)).status).toBe(303);
    org.identityProviderUsers.delete(to.id);
    expect((await signIn(to)).status).toBe(400);
  });

  it('is refused for a user whom the filter excludes', async () => {
    const user = addUser(org, login);
    const to = await provider({
      policy: (policy) => {
        policy.accountLink.filter = { users: { exclude: [user.id] } };
      },
    });
    expect((await signIn(to)).status).toBe(400);
  });

  it('is refused for a user outside the groups of the filter', async () => {
    const group = addGroup(org, `linked ${count}`);
    const person = { login, email: login, firstName: 'Ann', lastName: 'Other' };
    createUser(org, { profile: person, groupIds: [group] }, systemActor);
    addUser(org, `outside-${login}`);
    const to = await provider({
      policy: (policy) => {
        policy.accountLink.filter = { groups: { include: [group] } };
      },
    });
    expect((await signIn(to)).status).toBe(303);
    expect((await signIn(to, { nameId: `outside-${login}` })).status).toBe(400);
  });
});

describe('the status of a user', () => {
  const invalid = { status: 400, reason: 'Unable to Validate User due to Invalid Status' };

  it.each(['LOCKED_OUT', 'PASSWORD_EXPIRED', 'RECOVERY', 'SUSPENDED', 'DEPROVISIONED'] as const)(
    '%s refuses the sign-on',
    async (status) => {
      addUser(org, login).status = status;
      expect(await signIn(await provider())).toMatchObject(invalid);
    },
  );

  it('SUSPENDED ends if the identity provider may unsuspend', async () => {
    const user = addUser(org, login);
    suspendUser(org, user, systemActor);
    const to = await provider({
      policy: (policy) => {
        policy.provisioning.conditions.suspended.action = 'UNSUSPEND';
      },
    });
    expect((await signIn(to)).status).toBe(303);
    expect(user.status).toBe('ACTIVE');
  });

  it('DEPROVISIONED ends if the identity provider may reactivate', async () => {
    const user = addUser(org, login);
    user.status = 'DEPROVISIONED';
    const to = await provider({
      policy: (policy) => {
        policy.provisioning.conditions.deprovisioned.action = 'REACTIVATE';
      },
    });
    expect((await signIn(to)).status).toBe(303);
    expect(user).toMatchObject({ status: 'ACTIVE', provider: { type: 'FEDERATION' } });
  });

  it.each([true, false])('before activation becomes ACTIVE at the first sign-on (activated: %s)', async (activate) => {
    const person = { login, email: login, firstName: 'Ann', lastName: 'Other' };
    const user = createUser(org, { profile: person }, systemActor, { activate });
    expect(user.status).toBe(activate ? 'PROVISIONED' : 'STAGED');
    expect((await signIn(await provider())).status).toBe(303);
    expect(user.status).toBe('ACTIVE');
  });
});

describe('the profile', () => {
  it('of a user who exists stays as it is while the identity provider is not the master', async () => {
    const user = addUser(org, login, { firstName: 'Before' });
    expect((await signIn(await provider())).status).toBe(303);
    expect(user).toMatchObject({ profile: { firstName: 'Before' }, masteredBy: null });
  });

  it('follows the identity provider that is the master, so that others may not change it', async () => {
    const user = addUser(org, login, { firstName: 'Before' });
    const to = await provider({
      policy: (policy) => {
        policy.provisioning.profileMaster = true;
      },
    });
    expect((await signIn(to)).status).toBe(303);
    expect(user).toMatchObject({ profile: { firstName: 'Ann', login }, masteredBy: to.id });
    expect(() => updateUser(org, user, { profile: { firstName: 'Push' } }, systemActor, false)).toThrow(
      'mastered under another system',
    );
  });
});

describe('groups', () => {
  function member(groupId: string): boolean {
    const group = org.groups.get(groupId);
    const user = userNamed(login);
    return group !== undefined && user !== undefined && isMember(org, group, user.id);
  }

  it('that are assigned get everyone who signs in', async () => {
    const group = addGroup(org, `everyone of one ${count}`);
    const to = await provider({
      policy: ({ provisioning }) => {
        provisioning.groups = { ...provisioning.groups, action: 'ASSIGN', assignments: [group] };
      },
    });
    await signIn(to);
    expect(member(group)).toBe(true);
  });

  it.each([
    ['APPEND', true],
    ['SYNC', false],
  ])('are taken from an attribute by %s', async (action, keeps) => {
    const [sales, staff] = [addGroup(org, `sales ${count}`), addGroup(org, `staff ${count}`)];
    const to = await provider({
      policy: ({ provisioning }) => {
        provisioning.groups = { action, assignments: [], filter: [sales, staff], sourceAttributeName: 'groups' };
      },
    });
    const person = { firstName: 'Ann', lastName: 'Other', email: login };
    await signIn(to, {
      attributes: attributes({ ...person, groups: [`sales ${count}`, `staff ${count}`, 'Everyone'] }),
    });
    expect([member(sales), member(staff)]).toEqual([true, true]);
    await signIn(to, { attributes: attributes({ ...person, groups: [`sales ${count}`] }) });
    expect([member(sales), member(staff)]).toEqual([true, keeps]);
  });
});

describe('the settings of the identity provider', () => {
  it.each([
    ['RESPONSE', { signResponse: false }],
    ['TOKEN', { signAssertion: false }],
  ])('demand a signature over the right element: %s', async (scope, how) => {
    const to = await provider({
      protocol: (protocol) => {
        protocol.algorithms.response.signature.scope = scope;
      },
    });
    const addressee = { acsUrl: `${org.url}/sso/saml2/${to.id}`, audience: to.audience, issuer };
    const says = content(addressee, org.clock.now(), { nameId: login });
    const wrong = signedResponse(says, signature(key, how));
    expect((await postForm(addressee.acsUrl, { SAMLResponse: base64(wrong) })).status).toBe(400);
    expect((await signIn(to)).status).toBe(303);
  });

  it('let the clocks differ by maxClockSkew and no more', async () => {
    const to = await provider();
    const fiveMinutes = 300_000;
    const within = new Date(org.clock.now() - fiveMinutes - 60_000);
    const beyond = new Date(org.clock.now() - fiveMinutes - 180_000);
    expect((await signIn(to, { issuedAt: within })).status).toBe(303);
    expect(await signIn(to, { issuedAt: beyond })).toMatchObject({ status: 400, detail: 'the assertion has expired' });
  });

  it('accept SHA-1 where they say so', async () => {
    const to = await provider({
      protocol: (protocol) => {
        protocol.algorithms.response.signature.algorithm = 'SHA-1';
      },
    });
    const addressee = { acsUrl: `${org.url}/sso/saml2/${to.id}`, audience: to.audience, issuer };
    const says = content(addressee, org.clock.now(), { nameId: login });
    const xml = signedResponse(says, signature(key, { algorithm: 'SHA-1' }));
    expect((await postForm(addressee.acsUrl, { SAMLResponse: base64(xml) })).status).toBe(303);
  });

  it('with an opaque RelayState never take it for an address', async () => {
    const to = await provider({
      protocol: (protocol) => {
        protocol.relayState.format = 'OPAQUE';
      },
    });
    const addressee = { acsUrl: `${org.url}/sso/saml2/${to.id}`, audience: to.audience, issuer };
    const xml = signedResponse(content(addressee, org.clock.now(), { nameId: login }), signature(key));
    const answer = await postForm(addressee.acsUrl, { SAMLResponse: base64(xml), RelayState: '/login/signout' });
    expect(answer.headers.get('location')).toBe('/app/UserHome');
  });

  it('can take the ACS of the whole org: the issuer tells whose keys count', async () => {
    const own = `${issuer}-own-acs`;
    const to = await addIdentityProvider(org, {
      issuer: own,
      certificate: key.certificate,
      protocol: (protocol) => {
        protocol.endpoints.acs.type = 'ORG';
      },
    });
    const post = (from: string) => {
      const addressee = { acsUrl: `${org.url}/sso/saml2`, audience: to.audience, issuer: from };
      const xml = signedResponse(content(addressee, org.clock.now(), { nameId: login }), signature(key));
      return postForm(addressee.acsUrl, { SAMLResponse: base64(xml) });
    };
    expect((await post(own)).status).toBe(303);
    expect((await post('http://www.okta.com/exkUnknown')).status).toBe(400);
    const last = events(org, 'user.authentication.auth_via_IDP').at(-1);
    expect(last?.outcome?.reason).toMatch(/Issuer in the SAML response did not match/);
  });

  it('an assertion for one identity provider is worth nothing at another', async () => {
    const [one, two] = [await provider(), await provider()];
    const addressee = { acsUrl: `${org.url}/sso/saml2/${one.id}`, audience: one.audience, issuer };
    const xml = signedResponse(content(addressee, org.clock.now(), { nameId: login }), signature(key));
    expect((await postForm(`${org.url}/sso/saml2/${two.id}`, { SAMLResponse: base64(xml) })).status).toBe(400);
  });
});

it('shows a person no reason, only that it failed', async () => {
  const to = await provider();
  const answer = await postForm(`${org.url}/sso/saml2/${to.id}`, { SAMLResponse: base64('<a/>') });
  const page = await answer.text();
  expect(answer.status).toBe(400);
  expect(page).toContain('GENERAL_NONSUCCESS');
  expect(page).not.toContain('not a SAML Response');
});
