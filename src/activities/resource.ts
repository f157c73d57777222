import type {
  Applied,
  Assessment,
  Change,
  Decision,
  KnownValues,
  OrgRole,
  ResourceInput,
  ResourceName,
} from '../domain/assessment.js';
import { agrees, coveredBy } from '../domain/changes.js';
import { Org2OrgError } from '../domain/errors.js';
import { keptEvidence } from '../domain/evidence.js';
import type { OktaSession } from '../okta/session.js';

/**
 * How one resource is looked at, decided and written. `assess` and `apply` are the same for all of them.
 */
export interface Resource<Seen> {
  readonly name: ResourceName;
  /** The org in which the object lives. */
  readonly side: OrgRole;
  /** Reads what is there. Never writes. */
  observe(session: OktaSession, input: ResourceInput): Promise<Seen>;
  /** The pure decision of `src/domain`. */
  decide(input: ResourceInput, seen: Seen): Decision;
  /** Carries out one change; returns what its answer has made known. */
  write(session: OktaSession, input: ResourceInput, seen: Seen, change: Change): Promise<KnownValues>;
}

/** Looks at the resource and says what would have to change. Writes nothing. */
export async function assess<Seen>(
  resource: Resource<Seen>,
  session: OktaSession,
  input: ResourceInput,
): Promise<Assessment> {
  const seen = await resource.observe(session, input);
  return describe(resource, session, input, resource.decide(input, seen));
}

/**
 * Carries out what an assessment said, after a fresh look, and reads the result back.
 *
 * A fresh look that shows less to do is fine: an earlier attempt may have been carried out although its answer was
 * lost. One that shows something else is returned as `changedMeanwhile`, and nothing is written.
 *
 * @throws Org2OrgError `O2O_READ_BACK_DIFFERS` if the org does not show what was written.
 */
export async function apply<Seen>(
  resource: Resource<Seen>,
  session: OktaSession,
  input: ResourceInput,
  agreed: Assessment,
): Promise<Applied> {
  const seen = await resource.observe(session, input);
  const fresh = resource.decide(input, seen);
  if (!coveredBy(fresh, agreed))
    return { outcome: 'changedMeanwhile', assessment: describe(resource, session, input, fresh) };
  if (fresh.changes.length === 0) return { outcome: 'applied', assessment: describe(resource, session, input, fresh) };
  let known: KnownValues = { ...input.known, ...fresh.known };
  for (const change of fresh.changes) {
    known = { ...known, ...(await resource.write(session, { ...input, known }, seen, change)) };
  }
  const after = await assess(resource, session, { ...input, known });
  if (!agrees(after)) {
    const detail =
      after.changes.flatMap((change) => change.fields.map((field) => field.field)).join(', ') || after.explanation;
    throw new Org2OrgError('O2O_READ_BACK_DIFFERS', { resource: resource.name, org: session.org, detail });
  }
  return { outcome: 'applied', assessment: after };
}

function describe<Seen>(
  resource: Resource<Seen>,
  session: OktaSession,
  input: ResourceInput,
  decision: Decision,
): Assessment {
  const org = input.orgs[resource.side].name;
  return { ...decision, resource: resource.name, org, evidence: keptEvidence(session.evidence) };
}
