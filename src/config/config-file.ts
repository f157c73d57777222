import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { Org2OrgError } from '../domain/errors.js';
import { AlarmSettings } from './alarm-settings.js';
import { ApiToken } from './api-tokens.js';
import { type OrgRegistry, OrgRegistryDocument, orgRegistry } from './org-registry.js';
import { validate } from './validation.js';

const ConfigDocument = z.strictObject({
  orgs: OrgRegistryDocument,
  apiTokens: z
    .array(ApiToken)
    .default([])
    .refine((tokens) => new Set(tokens.map((token) => token.name)).size === tokens.length, 'each name only once'),
  alarms: AlarmSettings.prefault({}),
});

/** What the configuration file says. It holds references and hashes, no secrets. */
export interface Config {
  readonly orgs: OrgRegistry;
  readonly apiTokens: readonly ApiToken[];
  readonly alarms: AlarmSettings;
  /** What was changed on the way, for the log. */
  readonly notices: readonly string[];
}

/**
 * Reads the configuration file, YAML or JSON.
 *
 * @throws Org2OrgError `O2O_CONFIG_INVALID` with the field, the kind of its value and the fix.
 */
export async function readConfigFile(file: string): Promise<Config> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Org2OrgError('O2O_CONFIG_INVALID', {
      file,
      detail: 'it cannot be read; write it after org2org.example.yaml or point ORG2ORG_CONFIG to it',
    });
  });
  const document = validate(ConfigDocument, parse(text, file), file);
  return { ...orgRegistry(document.orgs), apiTokens: document.apiTokens, alarms: document.alarms };
}

/** The parser's own messages quote the file, which may hold a secret by mistake: only place and kind are taken over. */
function parse(text: string, file: string): unknown {
  const document = parseDocument(text, { prettyErrors: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1;
    throw new Org2OrgError('O2O_CONFIG_INVALID', { file, detail: `line ${line} is not valid YAML (${error.code})` });
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new Org2OrgError('O2O_CONFIG_INVALID', { file, detail: 'its YAML aliases lead nowhere, or to too much' });
  }
}
