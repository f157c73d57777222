import { inConsole } from '../../sandbox/control/console.js';
import type { Sandbox } from '../../sandbox/sandbox.js';
import { accessGroup } from '../../src/activities/access-group.js';
import { accessMembers } from '../../src/activities/access-members.js';
import { assignments } from '../../src/activities/assignments.js';
import { identityProvider } from '../../src/activities/identity-provider.js';
import { org2orgApp } from '../../src/activities/org2org-app.js';
import { identifyOrg } from '../../src/activities/orgs.js';
import { checkArrivedUsers, readProvisionedUsers } from '../../src/activities/provisioned-users.js';
import { provisioningConnection } from '../../src/activities/provisioning-connection.js';
import { provisioningFeatures } from '../../src/activities/provisioning-features.js';
import { apply, assess, type Resource } from '../../src/activities/resource.js';
import { samlMetadata } from '../../src/activities/saml-metadata.js';
import { samlTrust } from '../../src/activities/saml-trust.js';
import { serviceClient } from '../../src/activities/service-client.js';
import { confirmSignOn, trySignOn } from '../../src/activities/sign-on.js';
import { crossCheck, readIdpSide } from '../../src/activities/sign-on-configuration.js';
import { checkSpToken } from '../../src/activities/sp-token.js';
import { targetApp } from '../../src/activities/target-app.js';
import { checkTargetAppProvisioning } from '../../src/activities/target-app-provisioning.js';
import { trustedCertificate } from '../../src/activities/trusted-certificate.js';
import type { KnownValues, OrgRole, ResourceInput } from '../../src/domain/assessment.js';
import { agrees } from '../../src/domain/changes.js';
import type { Check } from '../../src/domain/check.js';
import { type OktaOrg, openOrg } from '../../src/okta/org.js';
import type { OktaSession } from '../../src/okta/session.js';
import { federationInput } from '../domain/federation-input.js';
import { OktaAdmin } from '../world/okta-admin.js';
import { startCheckedSandbox } from '../world/openapi-check.js';
import { testUserPassword } from '../world/world.js';

/** What a step of a setup works with. */
export interface StepContext {
  readonly sandbox: Sandbox;
  readonly input: ResourceInput;
  session(side: OrgRole): OktaSession;
}

/** One step: does its work, or throws; yields values for the steps after it. */
export interface DirectStep {
  readonly name: string;
  run(context: StepContext): Promise<KnownValues>;
}

/** A step that is not as it should be although nothing was thrown. */
class Unsettled extends Error {}

const secrets = async () => testUserPassword;

/** How often a resource may look changed between assess and apply, as in the workflow. */
const mostRounds = 5;

function resource<Seen>(what: Resource<Seen>): DirectStep {
  return { name: what.name, run: (context) => settle(what, context) };
}

async function settle<Seen>(what: Resource<Seen>, { input, session }: StepContext): Promise<KnownValues> {
  for (let round = 0; round < mostRounds; round += 1) {
    const assessment = await assess(what, session(what.side), input);
    if (assessment.blockers.length > 0 || assessment.candidates.length > 0) throw new Unsettled(assessment.explanation);
    if (assessment.changes.length === 0) return assessment.known;
    const known = { ...input.known, ...assessment.known };
    const applied = await apply(what, session(what.side), { ...input, known }, assessment);
    if (applied.outcome === 'applied' && agrees(applied.assessment)) return applied.assessment.known;
  }
  throw new Unsettled(`${what.name} keeps changing`);
}

function passed(checks: readonly Check[]): KnownValues {
  const other = checks.find((check) => check.result !== 'passed');
  if (other !== undefined) throw new Unsettled(`${other.name}: ${other.detail}`);
  return {};
}

async function provisionedIds({ sandbox, session, input }: StepContext): Promise<readonly string[]> {
  await sandbox.idle();
  const ids: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = await readProvisionedUsers(session('idp'), input, after);
    ids.push(...page.provisioned);
    after = page.after;
    if (after === null) return ids;
  }
}

/** All steps of a setup with OAuth 2.0, in the order of the workflow, and the look at an SP token. */
export const directSteps: readonly DirectStep[] = [
  {
    name: 'orgs',
    run: async ({ session }) =>
      passed([(await identifyOrg(session('idp'))).check, (await identifyOrg(session('sp'))).check]),
  },
  resource(targetApp),
  {
    name: 'targetAppConsole',
    run: async ({ sandbox, session, input }) => {
      await inConsole(sandbox, {
        action: 'completeTargetAppConsole',
        org: 'sp',
        appId: input.known.targetAppId ?? '',
      });
      return passed([await checkTargetAppProvisioning(session('sp'), input)]);
    },
  },
  resource(org2orgApp),
  resource(samlMetadata),
  resource(trustedCertificate),
  resource(identityProvider),
  resource(samlTrust),
  {
    name: 'spToken',
    run: async ({ session, input }) => {
      const { provisioning } = input.spec;
      const spec = { ...input.spec, provisioning: { ...provisioning, auth: 'token' as const, token: 'env:SP_TOKEN' } };
      return passed(await checkSpToken({ ...input, spec }, (_reference, work) => work(session('sp'))));
    },
  },
  resource(serviceClient),
  resource(provisioningConnection(secrets, new Map())),
  resource(provisioningFeatures),
  resource(assignments),
  {
    name: 'provisionedUsers',
    run: async (context) => {
      const ids = await provisionedIds(context);
      if (ids.length < 2) throw new Unsettled(`${ids.length} users have arrived`);
      return passed([await checkArrivedUsers(context.session('sp'), ids)]);
    },
  },
  resource(accessGroup),
  { name: 'accessMembers', run: async (context) => settle(accessMembers(await provisionedIds(context)), context) },
  {
    name: 'crossCheck',
    run: async ({ session, input }) =>
      passed(await crossCheck(session('sp'), input, await readIdpSide(session('idp'), input))),
  },
  {
    name: 'signOn',
    run: async ({ session, input }) => {
      const attempt = await trySignOn(session('idp'), input, secrets, new AbortController().signal);
      passed(attempt.checks.filter((check) => check.name !== 'signedInAs'));
      return passed(await confirmSignOn(session('sp'), input, attempt));
    },
  },
];

/** A sandbox with the people of the specification in the IdP org. */
export async function startPeopledSandbox(): Promise<Sandbox> {
  const sandbox = await startCheckedSandbox();
  const admin = new OktaAdmin(sandbox.idp.url, sandbox.idp.token);
  const people = [await admin.addUser('ada@acme.example', testUserPassword)];
  people.push(await admin.addUser('grace@acme.example', testUserPassword));
  await admin.addGroup('Partner users', people);
  sandbox.requests.clear();
  return sandbox;
}

/** A setup of two orgs of the sandbox, step by step, without workflows. */
export class DirectSetup {
  #input: ResourceInput;
  #orgs: Readonly<Record<OrgRole, OktaOrg>>;

  constructor(
    readonly sandbox: Sandbox,
    readonly requestTimeoutMs: number,
  ) {
    const blank = federationInput({
      assignments: { groups: ['Partner users'], users: ['ada@acme.example'] },
      signOn: { testUser: { login: 'ada@acme.example', password: 'env:TEST_USER_PASSWORD' } },
    });
    const at = (role: OrgRole) => ({ name: blank.orgs[role].name, url: sandbox[role].url });
    this.#input = {
      ...blank,
      spec: { ...blank.spec, org2orgApp: { ...blank.spec.org2orgApp, baseUrl: sandbox.sp.url } },
      orgs: { idp: at('idp'), sp: at('sp') },
    };
    this.#orgs = this.#open();
  }

  #open(): Readonly<Record<OrgRole, OktaOrg>> {
    const { sandbox, requestTimeoutMs } = this;
    const open = (role: OrgRole) =>
      openOrg(
        { ...this.#input.orgs[role], auth: { apiToken: 'env:TOKEN' }, requestTimeoutMs },
        async () => sandbox[role].token,
      );
    return { idp: open('idp'), sp: open('sp') };
  }

  /** Goes on as a worker that knows nothing of what the orgs have answered so far. */
  reopen(): void {
    this.close();
    this.#orgs = this.#open();
  }

  /** What the next step works with. */
  get context(): StepContext {
    return { sandbox: this.sandbox, input: this.#input, session: (side) => this.#orgs[side].session() };
  }

  /** Runs a step once; what it throws is thrown. */
  async run(step: DirectStep): Promise<void> {
    const known = await step.run(this.context);
    this.#input = { ...this.#input, known: { ...this.#input.known, ...known } };
  }

  close(): void {
    this.#orgs.idp.close();
    this.#orgs.sp.close();
  }
}
