import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { Alarms } from '../../commands/alarms.js';
import { AuditTrail } from '../../commands/audit-trail.js';
import { Diagnoses } from '../../commands/diagnosis.js';
import { Erasures } from '../../commands/erasures.js';
import { EventHooks } from '../../commands/event-hooks.js';
import { FederationRecords } from '../../commands/federation-records.js';
import { FoundFederations } from '../../commands/found-federations.js';
import { OperationSchedules } from '../../commands/operation-schedules.js';
import { Preflights } from '../../commands/preflights.js';
import { Proofs } from '../../commands/proofs.js';
import { Rollouts } from '../../commands/rollouts.js';
import { runningWork } from '../../commands/running-work.js';
import { SweepSchedules } from '../../commands/sweep-schedules.js';
import { Sweeps } from '../../commands/sweeps.js';
import { Users } from '../../commands/users.js';
import type { ScheduledKind } from '../../domain/federation.js';
import type { RunningWork } from '../../domain/teardown.js';
import type { Ledger } from '../../ledger/ledger.js';
import { Federations } from '../federations.js';
import { UserAddresses } from '../user-addresses.js';
import { UserLists } from '../user-lists.js';

export interface TemporalOptions {
  readonly client: Client;
  /** Base URL of the Temporal UI for links in answers; null for no links. */
  readonly uiUrl: string | null;
  readonly ledger: Ledger;
}

/** Makes federations, users, sweeps and diagnoses in Temporal available to the routes. */
export const temporal = fastifyPlugin(async (app: FastifyInstance, { client, uiUrl, ledger }: TemporalOptions) => {
  app.decorate('federations', new Federations(client, uiUrl));
  app.decorate('alarms', new Alarms(client));
  const auditTrail = new AuditTrail(client, ledger, (lost) =>
    app.log.warn(lost, 'A row of the audit was lost: ledger and Temporal are away'),
  );
  app.addHook('preClose', () => auditTrail.close());
  app.decorate('auditTrail', auditTrail);
  app.decorate('diagnoses', new Diagnoses(client));
  app.decorate('erasures', new Erasures(client));
  app.decorate('eventHooks', new EventHooks(client));
  const addresses = new UserAddresses(client, uiUrl);
  app.decorate('operationSchedules', {
    verification: new OperationSchedules(client, 'verification'),
    drift: new OperationSchedules(client, 'drift'),
  });
  app.decorate('federationRecords', new FederationRecords(client));
  app.decorate('foundFederations', new FoundFederations(client));
  app.decorate('preflights', new Preflights(client));
  app.decorate('rollouts', new Rollouts(client));
  app.decorate('runningWork', (federationId: string) => runningWork(client, federationId));
  app.decorate('sweeps', new Sweeps(client, ledger));
  app.decorate('sweepSchedules', new SweepSchedules(client));
  const users = new Users(client);
  app.decorate('proofs', new Proofs(users, ledger));
  app.decorate('users', users);
  app.decorate('userAddresses', addresses);
  app.decorate('userLists', new UserLists(client, addresses));
});

declare module 'fastify' {
  interface FastifyInstance {
    federations: Federations;
    alarms: Alarms;
    auditTrail: AuditTrail;
    diagnoses: Diagnoses;
    erasures: Erasures;
    eventHooks: EventHooks;
    federationRecords: FederationRecords;
    operationSchedules: Readonly<Record<ScheduledKind, OperationSchedules>>;
    proofs: Proofs;
    foundFederations: FoundFederations;
    preflights: Preflights;
    rollouts: Rollouts;
    /** A batch or a rollout of the federation that runs. */
    runningWork: (federationId: string) => Promise<RunningWork | null>;
    sweeps: Sweeps;
    sweepSchedules: SweepSchedules;
    users: Users;
    userAddresses: UserAddresses;
    userLists: UserLists;
  }
}
