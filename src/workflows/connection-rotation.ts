import { patched } from '@temporalio/workflow';
import type { Assessment, ResourceInput, ResourceName } from '../domain/assessment.js';
import type { Check } from '../domain/check.js';
import type { SetupStepName, StepName } from '../domain/federation.js';
import type { FederationSpec } from '../domain/federation-spec.js';
import type { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { Stopped } from './problems.js';
import { removalStep } from './removal-step.js';
import { assessAndApply, type ResourceStep, resourceStep } from './resource-step.js';
import type { RotationOrders } from './rotation-orders.js';
import { signOn } from './sign-on.js';

/** The step of a resource by another specification than the one that the operation began with. */
function bySpec({ assess, apply, ...step }: ResourceStep, spec: FederationSpec): ResourceStep {
  const by = (input: ResourceInput) => ({ ...input, spec });
  return { ...step, assess: (input) => assess(by(input)), apply: (input, agreed) => apply(by(input), agreed) };
}

/** Okta makes and rolls over the key of a connection by itself, once it is told to: no API makes a new one. */
export async function rotateClientKey(operation: Operation, orders: RotationOrders): Promise<void> {
  orders.beFinal();
  await operation.run('provisioningConnection', () =>
    assessAndApply(operation, resourceStep(operation, 'provisioningConnection')),
  );
  await connectionKey(operation);
}

async function connectionKey(operation: Operation): Promise<void> {
  const { name } = operation.input.orgs.idp;
  await operation.run('connectionKey', async () => {
    const check = await operation.attempt('connectionKey', name, () =>
      callOrg(name, 'checkConnectionKey', 'Roll-over · check: who keeps the key', operation.resourceInput),
    );
    operation.changeStep('connectionKey', { checks: [check] });
  });
}

/**
 * From the API token to OAuth 2.0. The service client stands with its roles and scopes before the connection takes it, in
 * one call that Okta tests; where that fails the token is connected again and the new client goes.
 *
 * @throws Stopped if the federation provisions by token as before
 */
export async function tokenToOauth(operation: Operation, orders: RotationOrders): Promise<void> {
  const { spec } = operation.input;
  const { features } = spec.provisioning;
  const wanted: FederationSpec = { ...spec, provisioning: { auth: 'oauth2', features } };
  const client = new NewClient(operation, bySpec(resourceStep(operation, 'serviceClient'), wanted));
  const step = (name: ResourceName & SetupStepName, resource = bySpec(resourceStep(operation, name), wanted)) => {
    orders.check();
    return operation.run(name, () => assessAndApply(operation, resource));
  };
  try {
    await step('serviceClient', client.made);
    await step('provisioningConnection');
    await step('provisioningFeatures');
    await connectionKey(operation);
    await operation.run('signOn', () => signOn(operation));
    orders.beFinal();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    orders.takeBack();
    await operation.run('revocation', async () => {
      const connection = resourceStep(operation, 'provisioningConnection');
      await assessAndApply(operation, { ...connection, step: 'revocation' });
      await client.takeBack('revocation');
      operation.changeStep('revocation', { problem: error.problem });
    });
    throw error;
  }
  operation.agree(wanted);
  await operation.run('oldToken', async () => operation.changeStep('oldToken', { checks: [earlierToken(operation)] }));
  operation.changeStep('revocation', { state: 'skipped' });
}

/** The service client that a roll-over makes. One that was there before it stays. */
class NewClient {
  readonly made: ResourceStep;
  private isNew = false;

  constructor(
    private readonly operation: Operation,
    private readonly resource: ResourceStep,
  ) {
    const apply = async (input: ResourceInput, agreed: Assessment) => {
      this.isNew ||= agreed.changes.some(({ write }) => write === 'create');
      return resource.apply(input, agreed);
    };
    this.made = { ...resource, apply };
  }

  /** Also where making it stopped half-way: it may be there although no answer told its id. */
  async takeBack(step: StepName): Promise<void> {
    const { operation, resource } = this;
    if (!this.isNew) return;
    if (!operation.hasMade('serviceClient')) {
      if (!patched('rotation-half-made-client')) return;
      const { known } = await operation.attempt(step, resource.org, () => resource.assess(operation.resourceInput));
      operation.learn(known);
    }
    const id = operation.resourceInput.known.serviceClientId ?? null;
    await assessAndApply(operation, removalStep(operation, step, { resource: 'serviceClient', id, made: true }));
  }
}

function earlierToken({ input: { orgs } }: Operation): Check {
  return {
    name: 'earlierToken',
    statement: `The earlier API token of ${orgs.sp.name} is revoked`,
    result: 'unknown',
    detail: 'nothing uses it any more; whether it is revoked, only the SP org tells',
    fix: `Revoke it in ${orgs.sp.name} under Security > API > Tokens, remove it where its reference points, and write auth: oauth2 into the specification before the next PUT.`,
    evidence: [],
  };
}
