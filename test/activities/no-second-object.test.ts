import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import type { Sandbox } from '../../sandbox/sandbox.js';
import { accessGroup } from '../../src/activities/access-group.js';
import { identityProvider } from '../../src/activities/identity-provider.js';
import { org2orgApp } from '../../src/activities/org2org-app.js';
import { apply, assess, type Resource } from '../../src/activities/resource.js';
import { serviceClient } from '../../src/activities/service-client.js';
import { targetApp } from '../../src/activities/target-app.js';
import { trustedCertificate } from '../../src/activities/trusted-certificate.js';
import type { Applied } from '../../src/domain/assessment.js';
import { objectCounts, oneOfEach } from '../world/object-counts.js';
import { OktaAdmin } from '../world/okta-admin.js';
import { DirectSetup, directSteps, type StepContext, startPeopledSandbox } from './direct-setup.js';

type Trial = (context: StepContext) => Promise<Applied>;

/**
 * Creates the object but loses the answer; then tries the same apply again, as Temporal does, while the list in which
 * the object would be found comes back empty.
 */
function hidden<Seen>(resource: Resource<Seen>, create: string, list: string): Trial {
  return async ({ sandbox, session, input }) => {
    const org = resource.side;
    const add = (operation: string, kind: string) =>
      sandbox.faults.add(FaultRequest.parse({ org, operation, kind, count: 1 }));
    const agreed = await assess(resource, session(org), input);
    const lost = add(create, 'resetAfter');
    await expect(apply(resource, session(org), input, agreed)).rejects.toMatchObject({ code: 'O2O_OKTA_UNREACHABLE' });
    const short = add(list, 'emptyPage');
    const applied = await apply(resource, session(org), input, agreed);
    expect([lost.hits, short.hits]).toEqual([1, 1]);
    sandbox.faults.remove();
    return applied;
  };
}

const trials: Readonly<Record<string, Trial>> = {
  targetApp: hidden(targetApp, 'createApplication', 'listApplications'),
  org2orgApp: hidden(org2orgApp, 'createApplication', 'listApplications'),
  trustedCertificate: hidden(trustedCertificate, 'createIdentityProviderKey', 'listIdentityProviderKeys'),
  identityProvider: hidden(identityProvider, 'createIdentityProvider', 'listIdentityProviders'),
  serviceClient: hidden(serviceClient, 'createClient', 'listApplications'),
  accessGroup: hidden(accessGroup, 'addGroup', 'listGroups'),
};

let sandbox: Sandbox;
let setup: DirectSetup;
const applied = new Map<string, Applied>();

beforeAll(async () => {
  sandbox = await startPeopledSandbox();
  setup = new DirectSetup(sandbox, 20_000);
  for (const step of directSteps) {
    const trial = trials[step.name];
    if (trial !== undefined) applied.set(step.name, await trial(setup.context));
    await setup.run(step);
  }
});

afterAll(async () => {
  setup.close();
  await sandbox.stop();
});

describe('an object whose creation got no answer and which the next list does not show', () => {
  it.each(Object.keys(trials))('%s is not created a second time', (name) => {
    expect(applied.get(name)?.assessment).toMatchObject({ changes: [], blockers: [], candidates: [] });
  });

  it('is there once when the setup has ended', async () => {
    const idpAdmin = new OktaAdmin(sandbox.idp.url, sandbox.idp.token);
    const spAdmin = new OktaAdmin(sandbox.sp.url, sandbox.sp.token);
    expect(await objectCounts({ idpAdmin, spAdmin })).toEqual(oneOfEach);
  });
});
