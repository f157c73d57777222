import type { Check } from '../domain/check.js';
import { problem } from '../domain/errors.js';
import type { GateQuestion } from './gate.js';
import type { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { Stopped } from './problems.js';

function tokenQuestion(operation: Operation, checks: readonly Check[]): GateQuestion {
  const { spec, orgs } = operation.input;
  return {
    name: 'spToken',
    kind: 'spToken',
    question: `Is an API token of ${orgs.sp.name} in place where the worker of ${orgs.idp.name} finds it?`,
    instructions: [
      `In ${orgs.sp.name}, sign in as a service account with the role Super Admin, not as yourself: provisioning ends when the token's owner leaves.`,
      'Open Security > API > Tokens > Create Token and copy the token at once; it is shown only once.',
      `Put it where ${spec.provisioning.token ?? 'the reference'} points for the worker of ${orgs.idp.name}. Never send it through this API.`,
      'Then answer done: the token is tried before it is used.',
    ],
    evidence: {
      reference: spec.provisioning.token ?? null,
      found: checks.map((check) => `${check.statement}: ${check.result} (${check.detail})`),
    },
    choices: [
      { value: 'done', meaning: 'The token is in place' },
      { value: 'refuse', meaning: 'There will be no token: stop the setup' },
    ],
    role: 'operator',
  };
}

/** Guide, step 4: no API creates a token, so a person does, until the worker holds one that works. */
export async function spToken(operation: Operation): Promise<void> {
  const { idp } = operation.input.orgs;
  for (;;) {
    const checks = await operation.attempt('spToken', idp.name, () =>
      callOrg(idp.name, 'checkSpToken', 'Step 4 · look: the SP token and its owner', operation.resourceInput),
    );
    operation.changeStep('spToken', { checks });
    const usable = checks.every((check) => check.result === 'passed');
    if (operation.plansOnly) {
      operation.changeStep('spToken', { state: usable ? 'done' : 'planned' });
      return;
    }
    if (usable) return;
    const question = tokenQuestion(operation, checks);
    const answer = await operation.ask('spToken', question);
    if (answer.choice === 'refuse')
      throw new Stopped(problem('O2O_GATE_REFUSED', { gate: question.name, choice: 'refuse' }));
  }
}
