import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { Org2OrgError } from '../domain/errors.js';
import type { FederationRecord, FederationState } from '../domain/federation.js';
import { FederationSpecDocument } from '../domain/federation-spec.js';
import type { TransitionKind, UserFederation } from '../domain/user-lifecycle.js';
import { federationStatusQuery, federationWorkflowId, kindAttribute } from '../workflows/messages.js';
import { temporalError } from './temporal-errors.js';

/** How long a federation that was read is good for the next user of many, in milliseconds. */
const usuallyGoodForMs = 2_000;

/** After which part of that time it is read again, so that nobody has to wait for it while users keep coming. */
const readAgainAfter = 0.5;

/** Transitions that take access away: they must work although a setup has stopped half way. */
const endsAccess: readonly TransitionKind[] = ['offboard', 'suspend'];

/** States in which the connection is off: what a transition takes away is told to the SP org directly. */
const pushesNothing: readonly FederationState[] = ['paused', 'ending'];

/** Nobody is asked whether a deactivation that cannot be pushed is to be written directly. */
const direct = { whenPushFails: 'deactivate' } as const;

/** Transitions that nothing but Okta's push carries out. */
const needsPush: readonly TransitionKind[] = ['onboard', 'update', 'reactivate'];

/**
 * What users' transitions need of a federation.
 *
 * @throws Org2OrgError `O2O_FEDERATION_NOT_READY`, `O2O_PUSH_PAUSED`
 */
function userFederation(record: FederationRecord, kind: TransitionKind): UserFederation {
  const { id, state, spec, orgs, known } = record;
  const { org2orgAppId, targetAppId, identityProviderId, accessGroupId } = known;
  if (state === 'paused' && needsPush.includes(kind)) {
    throw new Org2OrgError('O2O_PUSH_PAUSED', { federation: id, state });
  }
  const ready = state === 'ready' || state === 'paused' || (state !== 'ended' && endsAccess.includes(kind));
  if (!ready || !org2orgAppId || !targetAppId || !identityProviderId || !accessGroupId) {
    throw new Org2OrgError('O2O_FEDERATION_NOT_READY', { federation: id, state });
  }
  const { subjectMatch, subjectFilter, accountLink, jit } = spec.identityProvider;
  const off = pushesNothing.includes(state);
  return {
    id,
    orgs,
    org2orgAppId,
    targetAppId,
    identityProviderId,
    accessGroupId,
    baseUrl: spec.org2orgApp.baseUrl,
    auth: spec.provisioning.auth,
    serviceClientId: known.serviceClientId ?? null,
    assignmentGroups: spec.assignments.groups,
    features: off ? { create: false, update: false, deactivate: false } : spec.provisioning.features,
    identityProvider: { subjectMatch, subjectFilter, accountLink, jit },
    // A federation that was set up before users had a policy has none in its specification.
    users: { ...FederationSpecDocument.shape.users.parse(spec.users ?? {}), ...(off ? direct : {}) },
  };
}

interface KeptRecord {
  readonly record: Promise<FederationRecord>;
  readonly readAt: number;
  /** A newer one is on its way. */
  readAgain: boolean;
}

/** Reads federations from their workflows; for many users at once it asks about once in a second for each. */
export class FederationRecords {
  readonly #kept = new Map<string, KeptRecord>();

  constructor(
    private readonly client: Client,
    private readonly goodForMs = usuallyGoodForMs,
  ) {}

  /**
   * The federation as it was within the last two seconds.
   *
   * @throws Org2OrgError `O2O_FEDERATION_NOT_FOUND`, `O2O_FEDERATION_NOT_READY`, `O2O_TEMPORAL_UNAVAILABLE`
   */
  async forUsers(federationId: string, kind: TransitionKind): Promise<UserFederation> {
    return userFederation(await this.record(federationId), kind);
  }

  /** The federation as it is now: what a setup has just changed counts for the next user. Throws as `forUsers` does. */
  async freshForUsers(federationId: string, kind: TransitionKind): Promise<UserFederation> {
    return userFederation(await this.query(federationId), kind);
  }

  /**
   * The federations whose IdP org this is, as far as their Org2Org app is known. A new one may be missing for a moment.
   *
   * @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE`
   */
  async ofIdpOrg(org: string): Promise<readonly { readonly id: string; readonly org2orgAppId: string }[]> {
    const records = await this.each((federationId) => this.record(federationId));
    return records.flatMap(({ id, orgs, known: { org2orgAppId } }) =>
      orgs.idp.name === org && org2orgAppId ? [{ id, org2orgAppId }] : [],
    );
  }

  /**
   * All federations as they are now. A new one may be missing for a moment.
   *
   * @throws Org2OrgError `O2O_TEMPORAL_UNAVAILABLE`
   */
  all(): Promise<readonly FederationRecord[]> {
    return this.each((federationId) => this.query(federationId));
  }

  private async each(read: (federationId: string) => Promise<FederationRecord>): Promise<readonly FederationRecord[]> {
    const found: FederationRecord[] = [];
    for (const federationId of await this.ids()) {
      const record = await read(federationId).catch((error) => {
        if (error instanceof Org2OrgError && error.code === 'O2O_FEDERATION_NOT_FOUND') return null;
        throw error;
      });
      if (record !== null) found.push(record);
    }
    return found;
  }

  private async ids(): Promise<readonly string[]> {
    const query = `${kindAttribute.name} = 'federation' AND ExecutionStatus = 'Running'`;
    const ids: string[] = [];
    try {
      for await (const { workflowId } of this.client.workflow.list({ query })) {
        ids.push(workflowId.slice(federationWorkflowId('').length));
      }
    } catch (error) {
      throw temporalError(error);
    }
    return ids;
  }

  private async record(federationId: string): Promise<FederationRecord> {
    const kept = this.#kept.get(federationId);
    const age = kept === undefined ? Number.POSITIVE_INFINITY : Date.now() - kept.readAt;
    if (kept === undefined || age > this.goodForMs) return this.keep(federationId);
    if (age > this.goodForMs * readAgainAfter && !kept.readAgain) {
      kept.readAgain = true;
      const readAt = Date.now();
      this.query(federationId).then(
        (record) => this.#kept.set(federationId, { record: Promise.resolve(record), readAt, readAgain: false }),
        // Whoever comes when the time is over asks again, and is told.
        () => {},
      );
    }
    return kept.record;
  }

  private async keep(federationId: string): Promise<FederationRecord> {
    const record = this.query(federationId);
    this.#kept.set(federationId, { record, readAt: Date.now(), readAgain: false });
    try {
      return await record;
    } catch (error) {
      this.#kept.delete(federationId);
      throw error;
    }
  }

  private async query(federationId: string): Promise<FederationRecord> {
    try {
      return await this.client.workflow.getHandle(federationWorkflowId(federationId)).query(federationStatusQuery);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) {
        throw new Org2OrgError('O2O_FEDERATION_NOT_FOUND', { federation: federationId });
      }
      throw temporalError(error);
    }
  }
}
