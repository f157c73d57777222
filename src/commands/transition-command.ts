import { createHash } from 'node:crypto';
import { foldLogin } from '../domain/login.js';
import type { TransitionCommand } from '../domain/user-lifecycle.js';

/** What a command asks for: everything but who asked, why, and how long somebody waits. */
type Asked = Pick<TransitionCommand, 'login' | 'kind' | 'profile' | 'assignBy' | 'dryRun' | 'at'>;

/** Digest of what a command asks for: the same for the same command, however its attributes are ordered. */
function fingerprint({ login, kind, profile, assignBy, dryRun, at }: Asked): string {
  const attributes = profile === null ? null : Object.entries(profile).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([foldLogin(login), kind, attributes, assignBy, dryRun, at]))
    .digest('hex')
    .slice(0, 32);
}

/** A command with its fingerprint. */
export function transitionCommand(command: Omit<TransitionCommand, 'fingerprint'>): TransitionCommand {
  return { ...command, fingerprint: fingerprint(command) };
}
