import type { Check } from '../domain/check.js';
import { type IdpProof, isFresh, type OffboardingProof, type SeenGone } from '../domain/offboarding-proof.js';
import { digestOf } from '../domain/proof-digest.js';
import type { AssignmentView, UserInput, UserView } from '../domain/user-lifecycle.js';
import { findApplicationUser } from '../okta/application-users.js';
import type { OktaSession } from '../okta/session.js';
import { findUser, findUserByLogin } from '../okta/users.js';
import { assignmentView, userView } from './user-views.js';

function statement(name: string, text: string, passed: boolean, detail: string, session: OktaSession): Check {
  const fix = passed ? null : 'Send the offboarding again; if it stays, look at the user in the console.';
  const evidence = session.evidence.slice(-1);
  return { name, statement: text, result: passed ? 'passed' : 'failed', detail, fix, evidence };
}

/** What the last read of the session proves: that the user has the Org2Org app no more. */
export function unassignedStatement(session: OktaSession, assignment: AssignmentView | null): Check {
  const text = `The user has the Org2Org app of ${session.org} no more`;
  const detail = assignment === null ? 'no assignment' : `${assignment.status} through ${assignment.scope}`;
  return statement('unassigned', text, assignment === null, detail, session);
}

/** What the last read of the session proves: that this very user is deactivated or gone. */
export function deprovisionedStatement(session: OktaSession, spUserId: string, user: UserView | null): Check {
  const gone = user === null || user.status === 'DEPROVISIONED';
  const text = `The user ${spUserId} is deactivated in ${session.org}`;
  return statement('deprovisioned', text, gone, user?.status ?? 'deleted', session);
}

/** A fresh read in the IdP org: the user has the Org2Org app no more. */
export async function readIdpProof(
  session: OktaSession,
  input: UserInput,
  idpUserId: string | null,
): Promise<IdpProof> {
  if (idpUserId === null) return { idpUserId, statements: [], evidence: [] };
  const assignment = await findApplicationUser(session, input.federation.org2orgAppId, idpUserId);
  const statements = [unassignedStatement(session, assignment === null ? null : assignmentView(assignment))];
  return { idpUserId, statements, evidence: session.evidence };
}

/** What the proof tells of the transition besides what was read. */
export type ProofHead = Pick<OffboardingProof, 'transition' | 'requestedBy' | 'reason' | 'ticket'>;

/**
 * Reads in the SP org, joined with those of the IdP org: what shows that the leaver is gone.
 *
 * @param seen the read that ended the wait for the deactivation: taken if it is fresh, made anew otherwise.
 */
export async function proveOffboarded(
  session: OktaSession,
  input: UserInput,
  head: ProofHead,
  spUserId: string | null,
  idp: IdpProof,
  seen: SeenGone | null,
): Promise<{ readonly proof: OffboardingProof; readonly user: UserView | null }> {
  const { federation, login } = input;
  const statements: Check[] = [...idp.statements];
  let user: UserView | null = null;
  if (spUserId === null) {
    const found = await findUserByLogin(session, login);
    user = found === null ? null : userView(found);
    const gone = user === null || user.status === 'DEPROVISIONED';
    const text = `${session.org} has no user with this login who is not deactivated`;
    statements.push(statement('deprovisioned', text, gone, user?.status ?? 'no user', session));
  } else {
    if (seen !== null && isFresh(seen.statement, Date.now())) {
      user = seen.user;
      statements.push(seen.statement);
    } else {
      const found = await findUser(session, spUserId);
      user = found === null ? null : userView(found);
      statements.push(deprovisionedStatement(session, spUserId, user));
    }
    const access = await findApplicationUser(session, federation.targetAppId, spUserId);
    const none = access === null || access.status === 'DEPROVISIONED';
    const without = `The user ${spUserId} has the target app no more`;
    statements.push(statement('noAccess', without, none, access?.status ?? 'no assignment', session));
  }
  const content: Omit<OffboardingProof, 'digest'> = {
    kind: 'org2org/offboarding-proof/1',
    federationId: federation.id,
    transition: head.transition,
    user: { login, idpUserId: idp.idpUserId, spUserId },
    requestedBy: head.requestedBy,
    reason: head.reason,
    ticket: head.ticket,
    statements,
    provenAt: lastRead(statements),
  };
  return { proof: { ...content, digest: digestOf(content) }, user };
}

/** When the last of the reads was made that carry the statements. */
function lastRead(statements: readonly Check[]): string {
  const times = statements.flatMap(({ evidence }) => evidence.map(({ at }) => Date.parse(at)));
  return new Date(Math.max(...times)).toISOString();
}
