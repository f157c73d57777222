import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { parseDocument } from 'yaml';
import { InvalidRequest } from '../validation.js';

/** Takes YAML wherever JSON is taken, and nothing else. Anchors are not followed, so that a small body cannot become a huge one. */
export const yamlBody = fastifyPlugin(async (app: FastifyInstance) => {
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(
    ['application/yaml', 'application/x-yaml', 'text/yaml'],
    { parseAs: 'string' },
    async (_request: unknown, body: string) => {
      const document = parseDocument(body, { logLevel: 'silent' });
      const [error] = document.errors;
      if (error !== undefined) throw notYaml(`is not valid YAML: ${error.message.split('\n')[0]}`);
      try {
        return document.toJS({ maxAliasCount: 0 });
      } catch {
        throw notYaml('uses YAML aliases');
      }
    },
  );
});

function notYaml(message: string): InvalidRequest {
  return new InvalidRequest('body', [{ pointer: '', message, fix: 'Correct the YAML, without anchors and aliases.' }]);
}
