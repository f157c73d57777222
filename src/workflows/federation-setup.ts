import type { ResourceName } from '../domain/assessment.js';
import { problem } from '../domain/errors.js';
import type { OperationInput, OperationStatus, SetupStepName } from '../domain/federation.js';
import { accessMembers } from './access-members.js';
import { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { ownedStep, pairIsFree } from './pair-owner.js';
import { Stopped } from './problems.js';
import { provisionedUsers } from './provisioned-users.js';
import { assessAndApply, resourceStep } from './resource-step.js';
import { pendingStep } from './setup-steps.js';
import { signOn } from './sign-on.js';
import { spToken } from './sp-token.js';
import { targetAppConsole } from './target-app-console.js';

function stepNames({ kind, spec }: OperationInput): SetupStepName[] {
  const setup: SetupStepName[] = [
    'orgs',
    'targetApp',
    ...(spec.targetApp.consoleWork ? (['targetAppConsole'] as const) : []),
    'org2orgApp',
    'samlMetadata',
    'trustedCertificate',
    'identityProvider',
    'samlTrust',
    spec.provisioning.auth === 'oauth2' ? 'serviceClient' : 'spToken',
    'provisioningConnection',
    'provisioningFeatures',
    'assignments',
    'provisionedUsers',
    'accessGroup',
    'signOn',
  ];
  return kind === 'plan' ? setup.filter((name) => name !== 'provisionedUsers' && name !== 'signOn') : setup;
}

/**
 * Federates two orgs in the guide's order, or, as a plan, assesses the same steps and writes nothing.
 *
 * @returns its final status; `stopped` where a person must mend something first. Starting it again goes on from there,
 * because every step begins by looking at what is already as agreed.
 */
export async function federationSetup(input: OperationInput): Promise<OperationStatus> {
  const names = stepNames(input);
  const operation = new Operation(input, names.map(pendingStep));
  const step = async (name: SetupStepName, body: () => Promise<void>) => {
    if (names.includes(name)) await operation.run(name, body);
  };
  const resource = (name: ResourceName & SetupStepName) =>
    step(name, () => assessAndApply(operation, resourceStep(operation, name)));
  let arrived: readonly (readonly string[])[] = [];

  try {
    await step('orgs', async () => {
      await identifyOrgs(operation);
      await pairIsFree(operation);
    });
    await resource('targetApp');
    await step('targetAppConsole', () => targetAppConsole(operation));
    await step('org2orgApp', () => assessAndApply(operation, ownedStep(operation, 'org2orgApp')));
    await resource('samlMetadata');
    await resource('trustedCertificate');
    await step('identityProvider', () => assessAndApply(operation, ownedStep(operation, 'identityProvider')));
    await resource('samlTrust');
    await resource('serviceClient');
    await step('spToken', () => spToken(operation));
    await resource('provisioningConnection');
    await resource('provisioningFeatures');
    await resource('assignments');
    await step('provisionedUsers', async () => {
      arrived = await provisionedUsers(operation);
    });
    await step('accessGroup', async () => {
      await assessAndApply(operation, resourceStep(operation, 'accessGroup'));
      await accessMembers(operation, arrived);
    });
    await step('signOn', () => signOn(operation));
  } catch (error) {
    if (error instanceof Stopped) return operation.end('stopped');
    throw error;
  }
  return operation.end('done');
}

async function identifyOrgs(operation: Operation): Promise<void> {
  const { idp, sp } = operation.input.orgs;
  const identify = (org: string) =>
    operation.attempt('orgs', org, () =>
      callOrg(org, 'identifyOrg', `Prerequisites · look: ${org}`, operation.resourceInput, org),
    );
  const idpOrg = await identify(idp.name);
  const spOrg = await identify(sp.name);
  operation.changeStep('orgs', { checks: [idpOrg.check, spOrg.check] });
  if (idpOrg.id === spOrg.id) throw new Stopped(problem('O2O_SAME_ORG', { idp: idp.name, sp: sp.name, id: idpOrg.id }));
}
