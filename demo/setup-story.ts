import { readFile } from 'node:fs/promises';
import type { FederationAnswer } from '../src/api/schemas/federation.js';
import { follow } from '../src/cli/follow.js';
import { type Paint, renderGate, renderStep } from '../src/cli/render.js';
import type { Step } from '../src/domain/federation.js';
import type { Gate } from '../src/domain/gate.js';
import { workAtGate } from './gate-work.js';
import { federationId, type Storyteller } from './storyteller.js';

/** One apply from the request to its end. */
export interface Told {
  readonly answer: FederationAnswer;
  /** The gates that were answered, as they were after the answer. */
  readonly gates: readonly Gate[];
  readonly seconds: number;
}

const longestMs = 5 * 60_000;

/**
 * Applies demo/federation.yaml and tells each step as it ends; does the work at gates and answers them.
 *
 * @throws Error if it takes longer than five minutes.
 */
export async function applyAndTell({ api, sandbox, say, paint }: Storyteller): Promise<Told> {
  const specification = await readFile(new URL('./federation.yaml', import.meta.url), 'utf8');
  const begun = performance.now();
  const gates: Gate[] = [];
  const told = new Map<string, string>();
  const tell = (answer: FederationAnswer) => {
    for (const step of answer.steps) tellOnce(told, step, (text) => say(text), paint);
    if (performance.now() - begun > longestMs) throw new Error('The setup does not end.');
  };

  const { operation } = await api.apply(federationId, specification);
  for (;;) {
    const answer = await follow(api, federationId, operation.number, tell);
    if (answer.gates.length === 0) return { answer, gates, seconds: (performance.now() - begun) / 1000 };
    for (const gate of answer.gates) {
      say(`\n${renderGate(federationId, gate, paint)}\n`);
      const work = await workAtGate(gate, sandbox, (text) => say(paint('waiting', `  A person: ${text}`)));
      gates.push(await api.answerGate(federationId, gate.name, work));
      say(paint('waiting', `  Answered ${work.choice} through the API: ${work.why}\n`));
    }
  }
}

/** Tells a step when its state is new and worth a line. */
function tellOnce(told: Map<string, string>, step: Step, say: (text: string) => void, paint: Paint): void {
  const unremarkable = ['pending', 'running', 'gate'].includes(step.state);
  if (unremarkable || told.get(step.name) === step.state) return;
  told.set(step.name, step.state);
  say(renderStep(step, paint));
}
