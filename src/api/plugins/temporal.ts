import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { Diagnoses } from '../../commands/diagnosis.js';
import { EventHooks } from '../../commands/event-hooks.js';
import { FederationRecords } from '../../commands/federation-records.js';
import { Rollouts } from '../../commands/rollouts.js';
import { SweepSchedules } from '../../commands/sweep-schedules.js';
import { Sweeps } from '../../commands/sweeps.js';
import { Users } from '../../commands/users.js';
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
  app.decorate('diagnoses', new Diagnoses(client));
  app.decorate('eventHooks', new EventHooks(client));
  const addresses = new UserAddresses(client, uiUrl);
  app.decorate('federationRecords', new FederationRecords(client));
  app.decorate('rollouts', new Rollouts(client));
  app.decorate('sweeps', new Sweeps(client, ledger));
  app.decorate('sweepSchedules', new SweepSchedules(client));
  app.decorate('users', new Users(client));
  app.decorate('userAddresses', addresses);
  app.decorate('userLists', new UserLists(client, addresses));
});

declare module 'fastify' {
  interface FastifyInstance {
    federations: Federations;
    diagnoses: Diagnoses;
    eventHooks: EventHooks;
    federationRecords: FederationRecords;
    rollouts: Rollouts;
    sweeps: Sweeps;
    sweepSchedules: SweepSchedules;
    users: Users;
    userAddresses: UserAddresses;
    userLists: UserLists;
  }
}
