import { z } from 'zod';
import type { AdoptablePair, Adoption, Unpaired } from '../../domain/adoption.js';
import { Name } from '../../domain/federation-spec.js';
import { ChangeSchema, CheckSchema, EvidenceSchema, KnownValuesSchema } from './assessment.js';
import { FederationSpecSchema } from './federation-spec.js';
import { ProblemSchema } from './problem.js';

/** Body of POST /v1/adoptions: nothing but the names of the two orgs. */
export const AdoptionDocument = z
  .strictObject({ idp: Name, sp: Name })
  .refine(({ idp, sp }) => idp !== sp, { path: ['sp'], message: 'must be another org than idp' })
  .meta({ id: 'AdoptionDocument' });

const AdoptablePairSchema: z.ZodType<AdoptablePair> = z
  .object({
    org2orgApp: z.object({ id: z.string(), label: z.string() }),
    identityProvider: z.object({ id: z.string(), name: z.string() }),
    owner: z
      .string()
      .nullable()
      .describe('The federation that has it already: only that one may take the specification'),
    specification: FederationSpecSchema.describe('PUT it, and the pair is a federation'),
    notes: z.array(z.string()).describe('What it needs a person for, before or after'),
    known: KnownValuesSchema,
    checks: z.array(CheckSchema).describe('Whether both ends hold the same of each other'),
    changes: z.array(ChangeSchema).describe('What the setup would write'),
    blockers: z.array(ProblemSchema).describe('What would keep the setup from going on'),
  })
  .meta({ id: 'AdoptablePair' });

const UnpairedSchema: z.ZodType<Unpaired> = z.object({
  org: z.string(),
  id: z.string(),
  label: z.string(),
  detail: z.string(),
});

export const AdoptionSchema: z.ZodType<Adoption> = z
  .object({
    idp: z.string(),
    sp: z.string(),
    at: z.string(),
    pairs: z.array(AdoptablePairSchema),
    unpaired: z.array(UnpairedSchema).describe('Ends of a connection whose other end was not found'),
    evidence: z.array(EvidenceSchema),
  })
  .meta({ id: 'Adoption' });
