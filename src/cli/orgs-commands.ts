import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { apiAccess, type Options } from './arguments.js';
import { OrgsClient } from './orgs-client.js';
import { renderAdoption, renderPreflight } from './render-orgs.js';
import { paint, say } from './terminal.js';

const client = () => new OrgsClient(apiAccess());

/** Can the two orgs be federated so? The exit code is 1 where something stands in the way. */
export async function preflight({ json }: Options, file: string): Promise<void> {
  const found = await client().preflight(await readFile(file, 'utf8'));
  say(json ? JSON.stringify(found, null, 2) : renderPreflight(found, paint));
  if (found.verdict.result === 'failed') process.exitCode = 1;
}

/** What is federated between two orgs already. The exit code is 1 where nothing is. */
export async function adopt({ json }: Options, idp: string, sp: string): Promise<void> {
  const found = await client().adoption(idp, sp);
  say(json ? JSON.stringify(found, null, 2) : renderAdoption(found, paint));
  if (found.pairs.length === 0) process.exitCode = 1;
}

/** The specification as both orgs hold it, to be written to a file. */
export async function spec({ json }: Options, federation: string): Promise<void> {
  const found = await client().spec(federation);
  say(json ? JSON.stringify(found, null, 2) : stringify(found).trimEnd());
}
