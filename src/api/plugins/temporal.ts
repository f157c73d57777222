import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { Diagnoses } from '../../commands/diagnosis.js';
import { Federations } from '../federations.js';

export interface TemporalOptions {
  readonly client: Client;
  /** Base URL of the Temporal UI for links in answers; null for no links. */
  readonly uiUrl: string | null;
}

/** Makes the federations and diagnoses in Temporal available to the routes. */
export const temporal = fastifyPlugin(async (app: FastifyInstance, { client, uiUrl }: TemporalOptions) => {
  app.decorate('federations', new Federations(client, uiUrl));
  app.decorate('diagnoses', new Diagnoses(client));
});

declare module 'fastify' {
  interface FastifyInstance {
    federations: Federations;
    diagnoses: Diagnoses;
  }
}
