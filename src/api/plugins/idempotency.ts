import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { InvalidRequest } from '../validation.js';

/** Reads `Idempotency-Key`: with it, a command that is sent again, for example after a lost answer, acts once. */
export const idempotency = fastifyPlugin(async (app: FastifyInstance) => {
  app.decorateRequest('idempotencyKey', null);
  app.addHook('onRequest', async (request) => {
    const key = request.headers['idempotency-key'];
    if (key === undefined) return;
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new InvalidRequest('headers', [
        {
          pointer: '/idempotency-key',
          message: 'must be 1 to 255 printable characters without blanks',
          fix: 'Send a new random value per command, for example a UUID.',
        },
      ]);
    }
    request.idempotencyKey = key;
  });
});

declare module 'fastify' {
  interface FastifyRequest {
    idempotencyKey: string | null;
  }
}
