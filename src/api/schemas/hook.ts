import { z } from 'zod';

export const HookPath = z.object({ org: z.string().describe('Name of the org in the registry') });

/** The challenge is repeated in the answer, so it may hold only what is harmless everywhere. */
export const VerificationHeaders = z.object({
  'x-okta-verification-challenge': z
    .string('is what Okta sends to verify the hook')
    .regex(/^[\w.~+/=-]{1,256}$/, 'must be 1 to 256 letters, digits and . _ ~ + / = -'),
});

export const VerificationAnswer = z.object({ verification: z.string() });

export const HookAnswer = z.object({
  handedOver: z.number().int().describe('Events after which a user is looked at'),
  ignored: z.number().int().describe('Events that are no reason to look'),
});
