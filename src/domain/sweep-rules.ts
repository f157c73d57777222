import { z } from 'zod';
import type { Facts } from './evidence.js';
import type {
  FindingKind,
  PlannedAction,
  RuleAction,
  SourceUser,
  SweepFinding,
  SweepRules,
  SweptUser,
} from './sweep.js';

/** Statuses of an IdP user who may use what is assigned. */
const activeUser: readonly string[] = [
  'ACTIVE',
  'PROVISIONED',
  'STAGED',
  'RECOVERY',
  'PASSWORD_EXPIRED',
  'LOCKED_OUT',
  'PENDING_ACTIVATION',
];

/** Statuses of an assignment that gives the Org2Org app, and of one that has ended. */
const standing: readonly string[] = [
  'ACTIVE',
  'APPROVED',
  'IMPLICIT',
  'IMPORTED',
  'MATCHED',
  'PENDING',
  'PROVISIONED',
  'STAGED',
];
const ended: readonly string[] = ['DEPROVISIONED', 'REVOKED', 'UNASSIGNED'];

const dayMs = 24 * 60 * 60 * 1000;

const isoDay = z.iso.date();
const isoTime = z.iso.datetime({ offset: true });

/** What was found, before it is decided whether anything may be done about it. */
interface Verdict {
  readonly kind: FindingKind;
  readonly reason: string;
}

/**
 * What a sweep says about one user, and what the rules make of it. Doubt is `unknown`, and nothing is done about it;
 * neither about administrators, exempt users and service accounts, who are `protected`.
 *
 * @param exempt logins that the federation's specification exempts.
 * @param now milliseconds since the epoch.
 */
export function judge(user: SweptUser, rules: SweepRules, exempt: readonly string[], now: number): SweepFinding {
  const source = sourceOf(user);
  const verdict = verdictOf(user, source, rules, now);
  const wanted = endingAction(verdict.kind, user, rules) ?? actionOf(verdict.kind, user, rules, now);
  const shield = wanted === 'none' || wanted === 'resume' ? null : protection(user, rules, exempt);
  return {
    spUserId: user.spUserId,
    idpUserId: source?.idpUserId ?? null,
    login: source?.login ?? user.login,
    ...(shield === null
      ? { ...verdict, action: wanted }
      : { kind: 'protected', reason: `${verdict.kind}, but ${shield}`, action: 'none' }),
    evidence: evidenceOf(user, source),
  };
}

function sourceOf({ sources }: SweptUser): SourceUser | null {
  const [first] = sources;
  const agrees = ({ idpUserId, status }: SourceUser) => idpUserId === first?.idpUserId && status === first.status;
  return first !== undefined && sources.every(agrees) ? first : null;
}

function verdictOf(user: SweptUser, source: SourceUser | null, rules: SweepRules, now: number): Verdict {
  if (source === null) return withoutSource(user);
  const { status, assignment } = source;
  const elsewhere = assignment?.externalId ?? null;
  if (elsewhere !== null && elsewhere !== user.spUserId) {
    return {
      kind: 'duplicate',
      reason: `the IdP user ${source.idpUserId} is provisioned as another SP user, ${elsewhere}`,
    };
  }
  if (status === 'DEPROVISIONED') return { kind: 'idpUserDeactivated', reason: 'the IdP user is deactivated' };
  if (status === 'SUSPENDED') return { kind: 'idpUserSuspended', reason: 'the IdP user is suspended' };
  if (!activeUser.includes(status))
    return { kind: 'unknown', reason: `the IdP user has the unexpected status ${status}` };
  if (assignment === null || ended.includes(assignment.status)) {
    return { kind: 'unassigned', reason: 'the IdP user is active and has the Org2Org app no more' };
  }
  if (!standing.includes(assignment.status)) {
    return { kind: 'unknown', reason: `the assignment has the status ${assignment.status}` };
  }
  return (
    expired(source, rules, now) ?? inactive(user, rules, now) ?? { kind: 'entitled', reason: 'assigned and active' }
  );
}

function withoutSource({ sources, sourceKnown, because }: SweptUser): Verdict {
  if (sources.length > 0) {
    const ids = sources.map(({ idpUserId }) => idpUserId).join(', ');
    return { kind: 'unknown', reason: `the IdP org does not show one user for it: ${ids}` };
  }
  if (!sourceKnown) return { kind: 'unknown', reason: 'the IdP org was not asked for this user' };
  if (!because.linked && !because.provisioned) {
    return { kind: 'unmanaged', reason: 'in the access group only, and the IdP org has nobody with this login' };
  }
  return { kind: 'idpUserMissing', reason: 'the IdP org has no such user any more' };
}

function expired({ endDate }: SourceUser, rules: SweepRules, now: number): Verdict | null {
  if (rules.expired === null || endDate === null) return null;
  const end = endOf(endDate);
  if (end === null) {
    return { kind: 'unknown', reason: `the attribute ${rules.expired.attribute} holds no ISO 8601 date` };
  }
  return end <= now ? { kind: 'expired', reason: `the planned end ${endDate} has passed` } : null;
}

/** When a planned end has passed: a day without a time ends with its last moment, in UTC. Null if it is no ISO 8601 date. */
function endOf(text: string): number | null {
  if (isoDay.safeParse(text).success) return Date.parse(text) + dayMs;
  return isoTime.safeParse(text).success ? Date.parse(text) : null;
}

function inactive({ createdAt, lastLogin }: SweptUser, { inactive: rule }: SweepRules, now: number): Verdict | null {
  if (rule === null) return null;
  const created = Date.parse(createdAt ?? '');
  const last = lastLogin === null ? created : Date.parse(lastLogin);
  if (Number.isNaN(created) || Number.isNaN(last)) {
    return { kind: 'unknown', reason: 'the SP org does not tell when the user was created or has signed on' };
  }
  if (now - created < rule.graceDays * dayMs || now - last < rule.days * dayMs) return null;
  const since = lastLogin === null ? 'never since it was created' : `not since ${lastLogin}`;
  return { kind: 'inactive', reason: `signed on ${since}: more than ${rule.days} days` };
}

function ruleOf(kind: FindingKind, rules: SweepRules): RuleAction {
  switch (kind) {
    case 'idpUserMissing':
    case 'idpUserDeactivated':
    case 'idpUserSuspended':
    case 'unassigned':
      return rules[kind];
    case 'inactive':
    case 'expired':
      return rules[kind]?.action ?? 'report';
    default:
      return 'report';
  }
}

/** Findings about users of whom it is not certain that they are the federation's. */
const notItsUsers: readonly FindingKind[] = ['duplicate', 'unmanaged', 'unknown'];

/** What the end of the federation makes of a user: of its own users only. Null where it does not end. */
function endingAction(kind: FindingKind, { because, status }: SweptUser, rules: SweepRules): PlannedAction | null {
  if (rules.federationEnds === undefined) return null;
  if (notItsUsers.includes(kind) || !(because.linked || because.provisioned)) return 'none';
  return rules.federationEnds === 'deactivate' || status === 'ACTIVE' ? rules.federationEnds : 'none';
}

function actionOf(kind: FindingKind, user: SweptUser, rules: SweepRules, now: number): PlannedAction {
  const { status, suspendedBySweep: held } = user;
  if (kind === 'entitled') return status === 'SUSPENDED' && held?.found === false ? 'resume' : 'none';
  const action = ruleOf(kind, rules);
  if (action === 'report') return 'none';
  if (action === 'deactivate') return 'deactivate';
  if (action === 'suspend') return status === 'ACTIVE' ? 'suspend' : 'none';
  if (status === 'ACTIVE') return 'suspendThenDeactivate';
  if (status !== 'SUSPENDED') return 'none';
  if (held === null || held.deactivateAt === null) return 'suspendThenDeactivate';
  return Date.parse(held.deactivateAt) <= now ? 'deactivate' : 'none';
}

function protection(user: SweptUser, { protect }: SweepRules, exempt: readonly string[]): string | null {
  if (user.administrator) return 'the user holds an administrator role in the SP org';
  const logins = [user, ...user.sources].map(({ login }) => login.toLowerCase());
  if (exempt.some((entry) => logins.includes(entry.toLowerCase()))) return 'the user is on the exempt list';
  const pattern = protect.find((entry) => logins.some((login) => matches(entry.toLowerCase(), login)));
  return pattern === undefined ? null : `the sweep protects ${pattern}`;
}

/** Whether the text fits the pattern, in which `*` stands for any characters. */
function matches(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  const tail = rest.pop() ?? '';
  if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false;
  let from = head.length;
  const until = text.length - tail.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0 || found + part.length > until) return false;
    from = found + part.length;
  }
  return true;
}

function evidenceOf(user: SweptUser, source: SourceUser | null): Facts {
  const { linked, provisioned, inAccessGroup } = user.because;
  return {
    spStatus: user.status,
    created: user.createdAt,
    lastLogin: user.lastLogin,
    linked,
    provisioned,
    inAccessGroup,
    administrator: user.administrator,
    idpStatus: source?.status ?? null,
    assignment: source?.assignment?.status ?? null,
    externalId: source?.assignment?.externalId ?? null,
  };
}
