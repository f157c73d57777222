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

interface Look<Seen> {
  readonly seen: Seen;
  readonly decision: Decision;
}

/**
 * Looks once, or twice where the first look is `doubtful`. A list of Okta may come back empty or end early: what one
 * look did not find may be there all the same.
 */
async function look<Seen>(
  resource: Resource<Seen>,
  session: OktaSession,
  input: ResourceInput,
  doubtful: (decision: Decision) => boolean,
): Promise<Look<Seen>> {
  const once = async (): Promise<Look<Seen>> => {
    const seen = await resource.observe(session, input);
    return { seen, decision: resource.decide(input, seen) };
  };
  const first = await once();
  return doubtful(first.decision) ? once() : first;
}

const isBlocked = ({ blockers }: Decision) => blockers.length > 0;
const makesAnother = ({ changes }: Decision) => changes.some(({ write }) => write === 'create');

/** Looks at the resource and says what would have to change; a blocker must show twice. Writes nothing. */
export async function assess<Seen>(
  resource: Resource<Seen>,
  session: OktaSession,
  input: ResourceInput,
): Promise<Assessment> {
  const { decision } = await look(resource, session, input, isBlocked);
  return describe(resource, session, input, decision);
}

/**
 * Carries out what an assessment said, after a fresh look, and reads the result back.
 *
 * A fresh look that shows less to do is fine: an earlier attempt may have been carried out although its answer was
 * lost. One that shows something else is returned as `changedMeanwhile`, and nothing is written. An object is created
 * only after two looks in a row have not found it.
 *
 * @throws Org2OrgError `O2O_READ_BACK_DIFFERS` if the org does not show what was written.
 */
export async function apply<Seen>(
  resource: Resource<Seen>,
  session: OktaSession,
  input: ResourceInput,
  agreed: Assessment,
): Promise<Applied> {
  const { seen, decision: fresh } = await look(resource, session, input, makesAnother);
  if (!coveredBy(fresh, agreed))
    return { outcome: 'changedMeanwhile', assessment: describe(resource, session, input, fresh) };
  if (fresh.changes.length === 0) return { outcome: 'applied', assessment: describe(resource, session, input, fresh) };
  let known: KnownValues = { ...input.known, ...fresh.known };
  for (const change of fresh.changes) {
    known = { ...known, ...(await resource.write(session, { ...input, known }, seen, change)) };
  }
  const readBack = await look(resource, session, { ...input, known }, (decision) => !agrees(decision));
  const after = describe(resource, session, { ...input, known }, readBack.decision);
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
