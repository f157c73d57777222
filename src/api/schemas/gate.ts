import { z } from 'zod';
import { type Gate, gateNames, roles } from '../../domain/gate.js';
import { FactsSchema } from './assessment.js';

export const GateSchema: z.ZodType<Gate> = z
  .object({
    name: z.string(),
    kind: z.enum(gateNames),
    question: z.string(),
    instructions: z.array(z.string()),
    evidence: FactsSchema,
    choices: z.array(z.object({ value: z.string(), meaning: z.string() })),
    role: z.enum(roles).describe('The role that an API token needs to answer'),
    openedAt: z.string(),
    expiresAt: z.string(),
    state: z.enum(['open', 'answered', 'expired']),
    answer: z.object({ choice: z.string(), by: z.string(), why: z.string(), at: z.string() }).nullable(),
  })
  .meta({ id: 'Gate' });

/** Body of POST …/gates/{gate}. */
export const GateAnswerDocument = z
  .strictObject({
    choice: z.string().min(1).max(200).describe('One of the values under `choices` of the gate'),
    why: z.string().trim().min(1).max(1000).describe('Why; stays with the gate for whoever reads it later'),
  })
  .meta({ id: 'GateAnswer' });
