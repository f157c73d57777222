import { atMost, type BenchFigure } from '../result.js';
import { compareCalls, type OperationCalls, total } from '../setup-calls.js';
import {
  fewestOffboardingCalls,
  fewestOnboardingCalls,
  type NeededUserCall,
  sharedCalls,
} from './fewest-user-calls.js';
import { carryOut } from './one-user.js';
import type { Stage } from './stage.js';

/** Calls to Okta of an onboarding and of an offboarding, operation by operation, against the fewest possible. */
export async function callFigures(stage: Stage): Promise<BenchFigure[]> {
  const [before = '', login = ''] = stage.newLogins(2);
  await carryOut(stage, 'onboard', before);
  const made = async (kind: 'onboard' | 'offboard', needed: readonly NeededUserCall[]) => {
    await stage.sandbox.idle();
    await stage.sandbox.forgetRequests();
    await carryOut(stage, kind, login);
    await stage.sandbox.idle();
    return compareCalls(await stage.sandbox.requests(), needed);
  };
  const onboarding = await made('onboard', fewestOnboardingCalls);
  const offboarding = await made('offboard', fewestOffboardingCalls);
  return [
    figure('Okta calls of an onboarding ÷ fewest possible', onboarding, fewestOnboardingCalls),
    figure('Okta calls of an offboarding ÷ fewest possible', offboarding, fewestOffboardingCalls),
  ];
}

function figure(name: string, calls: readonly OperationCalls[], needed: readonly NeededUserCall[]): BenchFigure {
  const { actual, fewest } = total(calls);
  const made = calls.map((call) => `${call.org} ${call.operation} ${call.actual} (${call.fewest})`).join(', ');
  const reasons = needed.map(({ org, operation, reason }) => `${org} ${operation}: ${reason}`).join('; ');
  const shared = `${sharedCalls.join(' and ')} are asked once in ten seconds for all users and were asked a moment before`;
  return atMost(
    name,
    actual / fewest,
    1.2,
    '',
    `${actual} calls, ${fewest} needed. Made (needed): ${made}. Needed: ${reasons}. ${shared}.`,
  );
}
