import { patched, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { TransitionKind, UserRecord, UserState } from '../domain/user-lifecycle.js';
import { stateAttribute, transitionAttribute } from './messages.js';
import { isActive } from './transition-rules.js';
import { stateOf } from './user-record.js';

/** What a user is found by: the state, and the transition that is under way, comes next or was the last one. */
interface Shown {
  readonly state: string | undefined;
  readonly kind: string | undefined;
}

/** The transition that a search finds the user by: the one under way, or else the next planned one, or else the last. */
export function kindOf({ transitions }: Pick<UserRecord, 'transitions'>): TransitionKind | undefined {
  const planned = transitions.filter(({ state }) => state === 'planned');
  const next = planned.reduce<(typeof planned)[number] | undefined>(
    (first, other) => (first === undefined || dueOf(other) < dueOf(first) ? other : first),
    undefined,
  );
  return (transitions.find(isActive) ?? next ?? transitions.at(-1))?.kind;
}

function dueOf({ at }: { readonly at: string | null }): number {
  return at === null ? 0 : Date.parse(at);
}

/** Keeps the search attributes of a user's workflow as its record is: each change of them is an action, so none is idle. */
export class UserAttributes {
  private shown: Shown;
  private assumed: { readonly state: UserState; readonly kind: string | undefined };

  /** @param state what runs that began without reading their attributes take the state for. */
  constructor(state: UserState) {
    const { typedSearchAttributes } = workflowInfo();
    this.shown = {
      state: typedSearchAttributes.get(stateAttribute),
      kind: typedSearchAttributes.get(transitionAttribute),
    };
    this.assumed = { state, kind: undefined };
  }

  show(record: UserRecord): void {
    const state = stateOf(record);
    const now: Shown = { state, kind: kindOf(record) };
    const active = record.transitions.find(isActive)?.kind;
    const { assumed } = this;
    const kindChanged = active !== undefined && assumed.kind !== undefined && active !== assumed.kind;
    const asAssumed: Partial<Shown> = {
      ...(state !== assumed.state || kindChanged ? { state } : {}),
      ...(kindChanged ? { kind: active } : {}),
    };
    this.assumed = { state, kind: active ?? assumed.kind };
    const asShown = differing(now, this.shown);
    const differs = (changes: Partial<Shown>) => JSON.stringify(differing({ ...this.shown, ...changes }, this.shown));
    this.upsert(differs(asShown) !== differs(asAssumed) && patched('attributes-as-shown') ? asShown : asAssumed);
  }

  private upsert({ state, kind }: Partial<Shown>): void {
    if (state === undefined && kind === undefined) return;
    upsertSearchAttributes([
      ...(state === undefined ? [] : [{ key: stateAttribute, value: state }]),
      ...(kind === undefined ? [] : [{ key: transitionAttribute, value: kind }]),
    ]);
    this.shown = { state: state ?? this.shown.state, kind: kind ?? this.shown.kind };
  }
}

function differing(now: Shown, shown: Shown): Partial<Shown> {
  return {
    ...(now.state === shown.state ? {} : { state: now.state }),
    ...(now.kind === shown.kind ? {} : { kind: now.kind }),
  };
}
