import { newId } from '../core/ids.js';
import type { Org } from '../core/org.js';
import type { Json, Policy, PolicyRule } from '../core/records.js';

/** The policy of a type that is there from the start. */
export function defaultPolicy(org: Org, type: string): Policy | undefined {
  return (
    org.policies.find((policy) => policy.type === type && policy.system) ??
    org.policies.find((policy) => policy.type === type)
  );
}

export interface NewPolicy {
  readonly type: string;
  readonly name: string;
  readonly description?: string | null;
  readonly system?: boolean;
  readonly priority?: number;
  readonly conditions?: Json | null;
  readonly settings?: Json | null;
  readonly status?: 'ACTIVE' | 'INACTIVE';
}

export function addPolicy(org: Org, input: NewPolicy): Policy {
  const now = org.clock.iso();
  return org.policies.add({
    id: newId(
      input.type === 'PASSWORD' || input.type === 'OKTA_SIGN_ON' || input.type === 'MFA_ENROLL' ? '00p' : 'rst',
    ),
    type: input.type,
    name: input.name,
    description: input.description ?? null,
    status: input.status ?? 'ACTIVE',
    priority: input.priority ?? 1,
    system: input.system ?? false,
    created: now,
    lastUpdated: now,
    conditions: input.conditions ?? null,
    settings: input.settings ?? null,
    rules: [],
  });
}

export interface NewRule {
  readonly type: string;
  readonly name: string;
  readonly system?: boolean;
  readonly priority?: number;
  readonly status?: 'ACTIVE' | 'INACTIVE';
  readonly conditions?: Json | null;
  readonly actions: Json;
}

export function addRule(org: Org, policy: Policy, input: NewRule): PolicyRule {
  const now = org.clock.iso();
  const rule: PolicyRule = {
    id: newId(input.type === 'ACCESS_POLICY' || input.type === 'PROFILE_ENROLLMENT' ? 'rul' : '0pr'),
    type: input.type,
    name: input.name,
    status: input.status ?? 'ACTIVE',
    priority: input.priority ?? policy.rules.filter((entry) => !entry.system).length + 1,
    system: input.system ?? false,
    created: now,
    lastUpdated: now,
    conditions: input.conditions ?? null,
    actions: input.actions,
  };
  policy.rules.push(rule);
  sortRules(policy);
  return rule;
}

/** Rules of administrators in the order of priority, the system's own last. */
export function sortRules(policy: Policy): void {
  policy.rules.sort((a, b) => Number(a.system) - Number(b.system) || a.priority - b.priority);
}

const catchAllActions: Readonly<Record<string, Json>> = {
  ACCESS_POLICY: {
    appSignOn: {
      access: 'ALLOW',
      verificationMethod: {
        factorMode: '2FA',
        type: 'ASSURANCE',
        reauthenticateIn: 'PT2H',
        constraints: [{ knowledge: { types: ['password'] } }],
      },
    },
  },
  PROFILE_ENROLLMENT: {
    profileEnrollment: {
      access: 'ALLOW',
      unknownUserAction: 'DENY',
      activationRequirements: { emailVerification: true },
      profileAttributes: [{ name: 'email', label: 'Email', required: true }],
    },
  },
};

/** Gives a policy of apps the last rule that each of them has. Other policies get none. */
export function addCatchAllRule(org: Org, policy: Policy): void {
  const actions = catchAllActions[policy.type];
  if (actions === undefined) return;
  addRule(org, policy, {
    type: policy.type,
    name: 'Catch-all Rule',
    system: true,
    priority: 99,
    actions: structuredClone(actions),
  });
}
