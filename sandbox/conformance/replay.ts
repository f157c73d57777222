import { type Difference, differences } from './comparison.js';
import { Identifiers } from './identifiers.js';
import type { OpenApi } from './openapi.js';
import type { RecordedStep, Scenario } from './recordings.js';

/** What became of one step. */
export interface StepResult {
  readonly scenario: string;
  readonly operation: string;
  readonly recordedStatus: number;
  /** Null if the step could not be replayed: it names an object that the scenario did not make. */
  readonly status: number | null;
  readonly differences: readonly Difference[];
  /** What Okta's API description says against the answer of the sandbox. */
  readonly violations: readonly string[];
  /** The sandbox's answer where its status is another one, shortened. */
  readonly answer: string;
}

export interface ReplayTarget {
  readonly url: string;
  readonly token: string;
}

/** Operations that need a body: without it the recording says nothing. */
const needsBody = /^(create|add|replace|update|assign(User|Role)To|oauth2Token|changePass)/;

/** Sends the steps of one scenario to an org, one after another, and compares the answers. */
export async function replayScenario(
  target: ReplayTarget,
  scenario: Scenario,
  openApi: OpenApi | undefined,
): Promise<StepResult[]> {
  const identifiers = new Identifiers();
  const results: StepResult[] = [];
  for (const step of scenario.steps) results.push(await replayStep(target, scenario.name, step, identifiers, openApi));
  return results;
}

async function replayStep(
  target: ReplayTarget,
  scenario: string,
  step: RecordedStep,
  identifiers: Identifiers,
  openApi: OpenApi | undefined,
): Promise<StepResult> {
  const base = { scenario, operation: step.operation, recordedStatus: step.status };
  const bodyLost = step.requestBody === undefined && step.method !== 'GET' && needsBody.test(step.operation);
  if (bodyLost || (!identifiers.knows(step.path) && step.status !== 404)) {
    return { ...base, status: null, differences: [], violations: [], answer: '' };
  }
  const path = identifiers.translate(step.path);
  const response = await fetch(target.url + path + identifiers.translate(step.query), {
    method: step.method,
    headers: { accept: 'application/json', 'content-type': 'application/json', authorization: `SSWS ${target.token}` },
    ...(step.requestBody === undefined || step.method === 'GET'
      ? {}
      : { body: identifiers.translate(JSON.stringify(step.requestBody)) }),
  });
  const text = await response.text();
  const live = parsed(text);
  const same = response.status === step.status;
  if (response.ok || !(step.status < 300)) identifiers.learn(step.responseBody, live);
  const comparable = same && typeof step.responseBody === 'object' && step.responseBody !== null;
  return {
    ...base,
    status: response.status,
    differences: comparable ? differences(step.responseBody, live) : [],
    violations: openApi?.checkResponse(step.method, path, response.status, live) ?? [],
    answer: same ? '' : text.slice(0, 200),
  };
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
