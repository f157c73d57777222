import { z } from 'zod';
import type { Sandbox } from '../sandbox/sandbox.js';
import type { Gate } from '../src/domain/gate.js';

const ConsoleEvidence = z.looseObject({ appId: z.string(), signOnUrl: z.string(), certificate: z.string() });

/** How a person answers a gate after the work is done. */
export interface GateWork {
  readonly choice: string;
  readonly why: string;
}

/**
 * Does what the instructions of a gate ask of a person.
 *
 * @param say told each thing that the person does.
 * @throws Error for a gate that does not belong to the demo.
 */
export async function workAtGate(gate: Gate, sandbox: Sandbox, say: (text: string) => void): Promise<GateWork> {
  if (gate.kind !== 'targetAppConsole')
    throw new Error(`Nobody in the demo knows what to do at the gate ${gate.name}.`);
  const { appId, signOnUrl, certificate } = ConsoleEvidence.parse(gate.evidence);

  say(`In the target app's admin console (${sandbox.targetApp.url}/admin/sso): sign-on URL and certificate entered`);
  await send('PUT', new URL('/admin/sso', sandbox.targetApp.url), { signOnUrl, certificate });

  say('In the SP org, Provisioning of the target app: consent given; create, update and deactivate switched on');
  await send('POST', new URL('/console', sandbox.control.url), {
    action: 'completeTargetAppConsole',
    org: 'sp',
    appId,
  });

  return { choice: 'done', why: 'Sign-on URL and certificate are in place, provisioning is on' };
}

async function send(method: 'PUT' | 'POST', url: URL, body: object): Promise<void> {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${url.pathname} answered ${answer.status}: ${await answer.text()}`);
}
