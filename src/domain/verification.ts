import { z } from 'zod';
import type { Check } from './check.js';
import { type ChecklistFacts, checklist } from './checklist.js';
import { failed, type Judgement, passed, unknown } from './diagnosis-check.js';
import type { Problem } from './errors.js';
import type { OperationStatus, Step } from './federation.js';

/** The steps of a verification. */
export const verificationStepNames = [
  'configuration',
  'keyPoints',
  'earlierCanaries',
  'canaryArrives',
  'canarySignsOn',
  'canaryChanges',
  'canaryDeactivated',
  'canaryGone',
  'canaryRemoved',
  'checklist',
] as const;
export type VerificationStepName = (typeof verificationStepNames)[number];

/** What a verification is asked for. */
export const VerificationOptions = z.strictObject({
  canary: z
    .strictObject({
      /** Domain of the canary's login and address; the test user's, or example.com, where none is named. */
      domain: z
        .string()
        .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a domain in lower-case letters, for example acme.com')
        .max(60)
        .nullable()
        .default(null),
    })
    .prefault({}),
});
export type VerificationOptions = z.output<typeof VerificationOptions>;

/** Result of a whole verification: `unknown` where nothing failed and something that matters could not be tried. */
export type VerificationResult = Check['result'];

/** What a verification has shown, as people read it. */
export interface VerificationReport {
  /** Null while it runs. */
  readonly result: VerificationResult | null;
  /** The guide's five lines. */
  readonly checklist: readonly Check[];
  /** Both halves of the configuration, compared field by field. */
  readonly configuration: readonly Check[];
  /** The guide's key points, deactivation among them. */
  readonly keyPoints: readonly Check[];
  /** What the canary went through, in this order. */
  readonly canary: readonly Check[];
  /** What kept a step from going on. */
  readonly problems: readonly Problem[];
}

const sections: Readonly<Record<VerificationStepName, Exclude<keyof VerificationReport, 'result' | 'problems'>>> = {
  configuration: 'configuration',
  keyPoints: 'keyPoints',
  earlierCanaries: 'canary',
  canaryArrives: 'canary',
  canarySignsOn: 'canary',
  canaryChanges: 'canary',
  canaryDeactivated: 'keyPoints',
  canaryGone: 'canary',
  canaryRemoved: 'canary',
  checklist: 'checklist',
};

/** The report of a verification, from its steps as they stand. */
export function verificationReport({ steps, outcome }: Pick<OperationStatus, 'steps' | 'outcome'>): VerificationReport {
  const of = (section: keyof VerificationReport) =>
    steps.filter(({ name }) => isOf(name, section)).flatMap(({ checks }) => checks);
  const lines = of('checklist');
  return {
    result: outcome === null ? null : (lines.find(({ name }) => name === verified)?.result ?? 'failed'),
    checklist: lines.filter(({ name }) => name !== verified),
    configuration: of('configuration'),
    keyPoints: of('keyPoints'),
    canary: of('canary'),
    problems: steps.flatMap(({ problem }) => (problem === null ? [] : [problem])),
  };
}

function isOf(name: Step['name'], section: keyof VerificationReport): boolean {
  return Object.entries(sections).some(([step, its]) => step === name && its === section);
}

/** The check that says what the whole verification comes to. */
const verified = 'verified';

/**
 * The guide's five lines and the verdict on the whole verification: passed where nothing failed or stopped, and all five
 * lines and the deactivation were shown; unknown where something of that could not be tried.
 */
export function concludeVerification(facts: ChecklistFacts, steps: readonly Step[]): Check[] {
  const lines = checklist(facts);
  const checks = [...steps.flatMap((step) => step.checks), ...lines];
  const failures = checks.filter(({ result }) => result === 'failed');
  const stopped = steps.filter(({ state }) => state === 'stopped');
  const deactivation = steps.find(({ name }) => name === 'canaryDeactivated')?.checks ?? [];
  const open = [...lines, ...deactivation].filter(({ result }) => result === 'unknown');
  const verdict = (judgement: Judgement): Check => ({
    name: verified,
    statement: 'Everything that the guide asks for before go-live is shown',
    ...judgement,
    evidence: [],
  });
  const names = [...failures.map(({ name }) => name), ...stopped.map(({ name }) => name)].join(', ');
  if (names !== '') return [...lines, verdict(failed(names, 'Mend what failed, check by check, then verify again.'))];
  if (open.length > 0 || deactivation.length === 0) {
    const untried = open.map(({ name }) => name).join(', ') || 'deactivation';
    const fix =
      'Make it possible to try, see each line, and verify again; or an approver sends POST …/live and says why.';
    return [...lines, verdict(unknown(`not shown: ${untried}`, fix))];
  }
  return [...lines, verdict(passed(`${checks.length} checks, none failed`))];
}
