import { z } from 'zod';
import type { SandboxOptions } from '../../sandbox/sandbox.js';
import { Diagnoses } from '../../src/commands/diagnosis.js';
import type { KnownValues } from '../../src/domain/assessment.js';
import type { Fact } from '../../src/domain/evidence.js';
import { setPath } from '../../src/domain/identity-provider.js';
import type { UserDiagnosis } from '../../src/domain/user-diagnosis.js';
import { signOn } from '../../src/okta/sign-on.js';
import { id, objects } from './okta-admin.js';
import { problems } from './problems.js';
import { startWorldWithoutWorkers } from './start-world.js';
import { federationId, type World } from './world.js';

/** Password of everyone in the tests of the diagnosis. */
export const password = 'Planted-Secret-4711';

const JsonObject = z.record(z.string(), z.unknown());

/** Fields of an object by their dotted paths. */
type Fields = Readonly<Record<string, Fact>>;

/** A federation that is set up, people in it, and the hands that spoil it and mend it again. */
export class DiagnosedWorld {
  readonly federationId = federationId;
  #known: KnownValues = {};

  private constructor(readonly world: World) {}

  /** Sets a federation up; `prepare` runs before the workers start. */
  static async start(
    specification: Record<string, unknown>,
    prepare: (world: World) => Promise<void> = async () => {},
    options: SandboxOptions = {},
  ): Promise<DiagnosedWorld> {
    const diagnosed = new DiagnosedWorld(await startWorldWithoutWorkers(options));
    await prepare(diagnosed.world);
    await diagnosed.world.startWorkers();
    await diagnosed.setUp(specification);
    return diagnosed;
  }

  async setUp(specification: Record<string, unknown>): Promise<void> {
    const answer = await this.world.setUp(specification);
    const wrong = problems(answer);
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    this.#known = answer.known;
  }

  /** An id or address of the federation. */
  known(name: keyof KnownValues): string {
    const value = this.#known[name];
    if (typeof value !== 'string') throw new Error(`${name} is not known`);
    return value;
  }

  /** Diagnoses a user. @throws Error if that has written anything */
  async diagnose(login: string): Promise<UserDiagnosis> {
    this.world.sandbox.requests.clear();
    const diagnosis = await new Diagnoses(this.world.client).diagnose(federationId, login);
    const writes = this.world.writes();
    if (writes.length > 0) throw new Error(`the diagnosis wrote ${JSON.stringify(writes)}`);
    return diagnosis;
  }

  /** What the diagnosis says first, and its fix. */
  async verdictOn(login: string): Promise<{ check: string | null; told: string }> {
    const { verdict } = await this.diagnose(login);
    return { check: verdict.check, told: `${verdict.sentence} ${verdict.fix ?? ''}` };
  }

  /** A user of the IdP org who has no assignment. */
  async newcomer(name: string): Promise<{ login: string; idpId: string }> {
    const login = name.includes('@') ? name : `${name}@acme.example`;
    const profile = { login, email: 'person@acme.example', firstName: login.slice(0, 20), lastName: 'Person' };
    const credentials = { password: { value: password } };
    const made = await this.world.idpAdmin.post('/api/v1/users?activate=true', { profile, credentials });
    return { login, idpId: id(made) };
  }

  /** A user who is assigned, provisioned and has the target app. */
  async healthy(name: string): Promise<{ login: string; idpId: string; spId: string }> {
    const { login, idpId } = await this.newcomer(name);
    await this.assign(idpId);
    const spId = id(await this.world.spAdmin.get(`/api/v1/users/${encodeURIComponent(login)}`));
    await this.world.spAdmin.put(`/api/v1/groups/${this.known('accessGroupId')}/users/${spId}`);
    await this.world.sandbox.idle();
    return { login, idpId, spId };
  }

  /** Assigns the user to the Org2Org app by hand, and waits until Okta has tried to push. */
  async assign(idpId: string, profile: Record<string, unknown> = {}): Promise<void> {
    const body = { id: idpId, scope: 'USER', profile };
    await this.world.idpAdmin.post(`/api/v1/apps/${this.known('org2orgAppId')}/users`, body);
    await this.world.sandbox.idle();
  }

  async unassign(idpId: string): Promise<void> {
    await this.world.idpAdmin.delete(`/api/v1/apps/${this.known('org2orgAppId')}/users/${idpId}`);
    await this.world.sandbox.idle();
  }

  async connection(write: 'activate' | 'deactivate'): Promise<void> {
    const app = this.known('org2orgAppId');
    await this.world.idpAdmin.post(`/api/v1/apps/${app}/connections/default/lifecycle/${write}`);
  }

  async provider(write: 'activate' | 'deactivate'): Promise<void> {
    await this.world.spAdmin.post(`/api/v1/idps/${this.known('identityProviderId')}/lifecycle/${write}`);
  }

  /** Has `work` done while fields of the Org2Org app are others. */
  withApp(fields: Fields, work: () => Promise<unknown>): Promise<void> {
    return edited(this.world.idpAdmin, `/api/v1/apps/${this.known('org2orgAppId')}`, fields, work);
  }

  /** Has `work` done while fields of the identity provider are others. */
  withProvider(fields: Fields, work: () => Promise<unknown>): Promise<void> {
    return edited(this.world.spAdmin, `/api/v1/idps/${this.known('identityProviderId')}`, fields, work);
  }

  /** Has `work` done while a provisioning feature is off. */
  withoutFeature(path: string, work: () => Promise<unknown>): Promise<void> {
    const feature = `/api/v1/apps/${this.known('org2orgAppId')}/features/USER_PROVISIONING`;
    const set = async (status: string) => {
      const body: Record<string, unknown> = {};
      setPath(body, `${path}.status`, status);
      await this.world.idpAdmin.put(feature, body);
    };
    return between(
      () => set('DISABLED'),
      work,
      () => set('ENABLED'),
    );
  }

  /** Has `work` done while the service client lacks a role. */
  async withoutClientRole(type: string, work: () => Promise<unknown>): Promise<void> {
    const path = `/oauth2/v1/clients/${this.known('serviceClientId')}/roles`;
    const role = objects(await this.world.spAdmin.get(path)).find((found) => found.type === type);
    await between(
      () => this.world.spAdmin.delete(`${path}/${id(role)}`),
      work,
      () => this.world.spAdmin.post(path, { type }),
    );
  }

  /** Links an SP user to another identity provider; returns the id of that one. */
  async linkElsewhere(spId: string): Promise<string> {
    const own = await this.world.spAdmin.get(`/api/v1/idps/${this.known('identityProviderId')}`);
    const body = { ...JsonObject.parse(own), name: `Another one for ${spId}` };
    setPath(body, 'protocol.credentials.trust.issuer', `https://issuer.example/${spId}`);
    const other = id(await this.world.spAdmin.post('/api/v1/idps', body));
    await this.world.spAdmin.post(`/api/v1/idps/${other}/users/${spId}`, { externalId: 'theirs' });
    return other;
  }

  /** Has the SP org trust another certificate of the Org2Org app; returns its key id there. */
  async anotherTrustedKey(): Promise<string> {
    const path = `/api/v1/apps/${this.known('org2orgAppId')}/credentials/keys/generate?validityYears=2`;
    const { x5c } = z.object({ x5c: z.array(z.string()) }).parse(await this.world.idpAdmin.post(path));
    const key = await this.world.spAdmin.post('/api/v1/idps/credentials/keys', { x5c });
    return z.object({ kid: z.string() }).parse(key).kid;
  }

  /** Signs the user on by the Org2Org tile, as a browser does; returns whether the SP org let the user in. */
  async signOn(login: string): Promise<boolean> {
    const app = await this.world.idpAdmin.get(`/api/v1/apps/${this.known('org2orgAppId')}`);
    const links = z.object({ _links: z.object({ appLinks: z.array(z.object({ href: z.string() })) }) });
    const [link] = links.parse(app)._links.appLinks;
    const { idp, sp } = this.world.sandbox;
    const embedLink = link?.href ?? '';
    const trace = await signOn({ idpUrl: idp.url, spUrl: sp.url, login, password, embedLink, targetApp: null });
    return trace.result === 'arrived';
  }

  stop(): Promise<void> {
    return this.world.stop();
  }
}

/** The result of every check by its name. */
export function resultsOf({ checks }: UserDiagnosis): Record<string, string> {
  return Object.fromEntries(checks.map(({ name, result }) => [name, result]));
}

/** Name and result of the checks that did not pass. */
export function notPassed({ checks }: UserDiagnosis): [string, string][] {
  return checks.filter(({ result }) => result !== 'passed').map(({ name, result }) => [name, result]);
}

async function edited(
  admin: World['idpAdmin'],
  path: string,
  fields: Fields,
  work: () => Promise<unknown>,
): Promise<void> {
  const before = JsonObject.parse(await admin.get(path));
  const changed = structuredClone(before);
  for (const [field, value] of Object.entries(fields)) setPath(changed, field, value);
  await between(
    () => admin.put(path, changed),
    work,
    () => admin.put(path, before),
  );
}

async function between(
  spoil: () => Promise<unknown>,
  work: () => Promise<unknown>,
  mend: () => Promise<unknown>,
): Promise<void> {
  await spoil();
  try {
    await work();
  } finally {
    await mend();
  }
}
