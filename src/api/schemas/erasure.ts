import { z } from 'zod';
import { Login } from '../../domain/login.js';

/** Body of POST …/erasures. */
export const ErasureDocument = z
  .strictObject({
    login: Login.describe('Login in the IdP org of a user who was offboarded'),
    why: z.string().trim().min(1).max(1000).describe('Why; stays in the audit, so let it name nobody'),
  })
  .meta({ id: 'NewErasure' });

const count = z.int();

export const ErasureSchema = z
  .object({
    findings: count.describe('Findings of sweeps that lost login, reason and evidence'),
    proofs: count.describe('Proofs of which only ids and digest are left'),
    sweeps: count.describe('Sweeps whose scope or exceptions named the user'),
    auditRows: count.describe('Rows of the audit that lost login, reason and ticket'),
  })
  .meta({ id: 'Erasure' });
