import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Folder with evidence of the real Okta, beside the project or where `ORG2ORG_SHARED` says; null if it is not there. */
export function sharedFolder(name: string): string | null {
  const root = process.env.ORG2ORG_SHARED ?? resolve(import.meta.dirname, '../../../../shared');
  const folder = join(root, name);
  return existsSync(folder) ? folder : null;
}
