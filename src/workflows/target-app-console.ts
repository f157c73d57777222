import { problem } from '../domain/errors.js';
import type { GateQuestion } from './gate.js';
import type { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { Stopped } from './problems.js';

function pem(certificate: string): string {
  const lines = certificate.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
}

function consoleQuestion(operation: Operation): GateQuestion {
  const { spec, orgs } = operation.input;
  const { targetAppId, targetAppSsoUrl, targetAppCertificate } = operation.resourceInput.known;
  return {
    name: 'targetAppConsole',
    kind: 'targetAppConsole',
    question: `Is ${spec.targetApp.label} set up in its own admin console and connected for provisioning in ${orgs.sp.name}?`,
    instructions: [
      `In the admin console of ${spec.targetApp.label}, open Settings > Security > Single sign-on: enter the sign-on URL and upload the certificate, both under evidence.`,
      `In ${orgs.sp.name}, open ${spec.targetApp.label} > Sign On > Advanced Sign-On Settings and switch on Silent Provisioning where the app offers it.`,
      `In ${orgs.sp.name}, open ${spec.targetApp.label} > Provisioning, authenticate with the app, and under To App switch on Create Users, Update User Attributes and Deactivate Users.`,
      'Answer done when all of it is in place, signOnOnly if this app shall not be provisioned from Okta.',
    ],
    evidence: {
      appId: targetAppId ?? null,
      signOnUrl: targetAppSsoUrl ?? null,
      certificate: targetAppCertificate === undefined ? null : pem(targetAppCertificate),
    },
    choices: [
      { value: 'done', meaning: 'Single sign-on and provisioning are set up; both are read back' },
      { value: 'signOnOnly', meaning: 'Single sign-on is set up, users are not provisioned into the app' },
      { value: 'refuse', meaning: 'This cannot be done: stop the setup' },
    ],
    role: 'operator',
  };
}

/** Guide, step 1: what no API can do for the target app. A person's answer holds until URL or certificate change. */
export async function targetAppConsole(operation: Operation): Promise<void> {
  const question = consoleQuestion(operation);
  const { sp } = operation.input.orgs;
  const earlier = operation.earlierAnswer(question);
  if (operation.plansOnly) {
    operation.changeStep('targetAppConsole', earlier === undefined ? { state: 'planned' } : { state: 'done' });
    return;
  }
  const answer = earlier ?? (await operation.ask('targetAppConsole', question));
  if (answer.choice === 'refuse')
    throw new Stopped(problem('O2O_GATE_REFUSED', { gate: question.name, choice: 'refuse' }));
  if (answer.choice === 'done') {
    const check = await operation.attempt('targetAppConsole', sp.name, () =>
      callOrg(
        sp.name,
        'checkTargetAppProvisioning',
        'Step 1 · read back: provisioning of the target app',
        operation.resourceInput,
      ),
    );
    operation.changeStep('targetAppConsole', { checks: [check] });
    if (check.result === 'failed') {
      operation.forgetAnswer(question);
      throw new Stopped(problem('O2O_TARGET_APP_NOT_PROVISIONING', { org: sp.name, missing: check.detail }));
    }
  }
  operation.keepAnswer(question, { choice: answer.choice, by: answer.by, why: answer.why, at: answer.at });
}
