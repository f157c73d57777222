import { z } from 'zod';
import { type FederationSpec, FederationSpecDocument } from '../../domain/federation-spec.js';

const { shape } = FederationSpecDocument;

/** A specification with every default filled in. */
export const FederationSpecSchema: z.ZodType<FederationSpec> = z
  .object({
    ...shape,
    targetApp: shape.targetApp.unwrap(),
    org2orgApp: z.object({ label: z.string(), baseUrl: z.string() }),
    certificate: shape.certificate.unwrap(),
    identityProvider: shape.identityProvider.unwrap().extend({ name: z.string() }),
    provisioning: shape.provisioning.unwrap(),
    assignments: shape.assignments.unwrap(),
    access: z.object({ group: z.string() }),
    users: shape.users.unwrap(),
    signOn: shape.signOn.unwrap(),
  })
  .meta({ id: 'FederationSpec' });
