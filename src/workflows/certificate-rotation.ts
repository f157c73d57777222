import { patched } from '@temporalio/workflow';
import type { Assessment } from '../domain/assessment.js';
import { problem } from '../domain/errors.js';
import type { StepName } from '../domain/federation.js';
import type { RotationOptions } from '../domain/rotation.js';
import type { TrustedKeys } from '../domain/trusted-keys.js';
import type { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { Stopped } from './problems.js';
import { removalStep } from './removal-step.js';
import { assessAndApply, type ResourceStep, resourceStep } from './resource-step.js';
import type { RotationOrders } from './rotation-orders.js';
import { signOn } from './sign-on.js';

function told({ changes }: Assessment): string {
  return `Roll-over · do: ${changes.map((change) => change.summary).join('; ')}`;
}

function signingKeyStep({ input: { orgs } }: Operation, years: number): ResourceStep {
  const org = orgs.idp.name;
  return {
    step: 'signingKey',
    resource: 'org2orgApp',
    org,
    assess: (input) => callOrg(org, 'assessSigningKey', 'Roll-over · look: signing keys of the app', input, years),
    apply: (input, agreed) => callOrg(org, 'applySigningKey', told(agreed), input, years, agreed),
  };
}

function keySwitchStep({ input: { orgs } }: Operation, step: StepName, kid: string): ResourceStep {
  const org = orgs.idp.name;
  return {
    step,
    resource: 'org2orgApp',
    org,
    assess: (input) => callOrg(org, 'assessKeySwitch', 'Roll-over · look: the key that signs', input, kid),
    apply: (input, agreed) => callOrg(org, 'applyKeySwitch', told(agreed), input, kid, agreed),
  };
}

function trustedKeysStep({ input: { orgs } }: Operation, step: StepName, wanted: TrustedKeys): ResourceStep {
  const org = orgs.sp.name;
  return {
    step,
    resource: 'identityProvider',
    org,
    assess: (input) => callOrg(org, 'assessTrustedKeys', 'Roll-over · look: what the SP org trusts', input, wanted),
    apply: (input, agreed) => callOrg(org, 'applyTrustedKeys', told(agreed), input, wanted, agreed),
  };
}

function certificateRemovalStep(operation: Operation, step: StepName, kid: string): ResourceStep {
  return removalStep(operation, step, { resource: 'trustedCertificate', id: kid, made: true });
}

/** The value, or the end of the operation: a federation that was set up has it. */
function needed(value: unknown): string {
  if (typeof value !== 'string') throw new Stopped(problem('O2O_INTERNAL'));
  return value;
}

/**
 * New key, both certificates trusted, the new key signs, sign-on is tried, the new certificate is trusted alone. Until
 * then both are trusted at every moment, so that no sign-in fails, and everything is taken back where a step fails or
 * somebody says so.
 *
 * @throws Stopped if the federation signs and trusts as before
 */
export async function rotateCertificate(
  operation: Operation,
  orders: RotationOrders,
  { validityYears, between }: RotationOptions,
): Promise<void> {
  const { certificate, certificateThumbprint, trustedKeyId } = operation.resourceInput.known;
  const before = {
    certificate: needed(certificate),
    certificateThumbprint: needed(certificateThumbprint),
    trustedKeyId: needed(trustedKeyId),
  };
  const step = async (name: StepName, ...resources: readonly (() => ResourceStep)[]) => {
    orders.check();
    await operation.run(name, async () => {
      for (const resource of resources) await assessAndApply(operation, resource());
    });
  };
  const both = (at: StepName) => () =>
    trustedKeysStep(operation, at, { kid: before.trustedKeyId, additionalKids: [trusted()] });
  const trusted = () => needed(operation.resourceInput.known.trustedKeyId);
  let activeKid: string | null = null;
  let newKid: string | null = null;
  let switches = false;
  try {
    await step('signingKey', () => signingKeyStep(operation, validityYears));
    const { id, observed } = operation.step('signingKey').assessment ?? {};
    [newKid, activeKid] = [needed(id), needed(observed?.activeKid)];
    const kid = newKid;
    await step('newCertificate', () => resourceStep(operation, 'trustedCertificate', 'newCertificate'));
    await step('bothTrusted', both('bothTrusted'));
    await operation.run('beforeSwitch', () => orders.wait('beforeSwitch', between.switchAfterMinutes));
    orders.check();
    switches = true;
    await step('keySwitch', both('keySwitch'), () => keySwitchStep(operation, 'keySwitch', kid));
    await operation.run('signOn', () => signOn(operation));
    await operation.run('beforeRemoval', () => orders.wait('beforeRemoval', between.removeAfterMinutes));
    orders.beFinal();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    orders.takeBack();
    await operation.run('revocation', () => takeBack(error));
    throw error;
  }
  await step(
    'newTrustedAlone',
    () => keySwitchStep(operation, 'newTrustedAlone', needed(newKid)),
    () => trustedKeysStep(operation, 'newTrustedAlone', { kid: trusted(), additionalKids: [] }),
  );
  await step('oldCertificate', () => certificateRemovalStep(operation, 'oldCertificate', before.trustedKeyId));
  operation.changeStep('revocation', { state: 'skipped' });

  async function takeBack(why: Stopped): Promise<void> {
    const { name } = operation.input.orgs.sp;
    const { known } = await operation.attempt('revocation', name, () =>
      callOrg(name, 'assessTrustedCertificate', 'Roll-over · look: the new certificate', operation.resourceInput),
    );
    operation.learn(known);
    if (switches) {
      await assessAndApply(operation, both('revocation')());
      await assessAndApply(operation, keySwitchStep(operation, 'revocation', needed(activeKid)));
      await orders.wait('revocation', between.removeAfterMinutes);
      // A call that was given up may have been carried out late: the app must not sign with what is trusted no more.
      if (patched('rotation-looks-after-wait'))
        await assessAndApply(operation, keySwitchStep(operation, 'revocation', needed(activeKid)));
    }
    const old = { kid: before.trustedKeyId, additionalKids: [] };
    await assessAndApply(operation, trustedKeysStep(operation, 'revocation', old));
    if (trusted() !== before.trustedKeyId) {
      await assessAndApply(operation, certificateRemovalStep(operation, 'revocation', trusted()));
    }
    operation.learn(before);
    operation.changeStep('revocation', { problem: why.problem });
  }
}
