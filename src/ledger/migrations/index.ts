import type { Migration } from 'kysely';
import { sweeps } from './0001-sweeps.js';

/** The steps of the schema, in their order; one that was released is never changed. */
export const migrations: Record<string, Migration> = { '0001-sweeps': sweeps };
