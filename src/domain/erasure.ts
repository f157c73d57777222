import { foldLogin } from './login.js';
import type { IdpLook, SpLook } from './user-lifecycle.js';

/** How much lost the personal data of the person: rows of the ledger. Nothing where all of it was erased before. */
export interface Erased {
  readonly findings: number;
  readonly proofs: number;
  readonly sweeps: number;
  readonly auditRows: number;
}

/** Why nothing of this person is erased: the person still has a place in the federation. Null if it may be. */
export function presenceOf(idp: Pick<IdpLook, 'assignment'>, sp: Pick<SpLook, 'user'>): string | null {
  if (idp.assignment !== null) return 'the user has the Org2Org app in the IdP org';
  if (sp.user !== null && sp.user.status !== 'DEPROVISIONED') return `the user is ${sp.user.status} in the SP org`;
  return null;
}

const erased = '(erased)';

/** A text that does not name the login any more. A login that is no address is only taken for one as a whole text. */
export function withoutLogin(text: string, login: string): string {
  if (foldLogin(text) === foldLogin(login)) return erased;
  if (!login.includes('@')) return text;
  return text.normalize('NFC').replace(new RegExp(escaped(login.normalize('NFC')), 'giu'), erased);
}

/** A document in which no text names the login any more. */
export function documentWithoutLogin(document: unknown, login: string): unknown {
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return withoutLogin(value, login);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, clean(member)]));
  };
  return clean(document);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
