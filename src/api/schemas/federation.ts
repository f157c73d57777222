import { z } from 'zod';
import { type CertificateExpiry, certificateLevels } from '../../domain/certificate-expiry.js';
import {
  type FederationRecord,
  federationStates,
  type OperationReference,
  type Step,
} from '../../domain/federation.js';
import { FederationSpecDocument, Name } from '../../domain/federation-spec.js';
import type { Gate } from '../../domain/gate.js';
import { KnownValuesSchema, MadeSchema } from './assessment.js';
import { FederationSpecSchema } from './federation-spec.js';
import { GateSchema } from './gate.js';
import { LiveSchema } from './live.js';
import { OperationReferenceSchema, OperationStatusSchema, StepSchema } from './operation.js';

z.globalRegistry.add(FederationSpecDocument, { id: 'FederationSpecDocument' });

const StateSchema = z.enum(federationStates).meta({ id: 'FederationState' });

const CertificateExpirySchema: z.ZodType<CertificateExpiry> = z
  .object({ expiresAt: z.string(), daysLeft: z.int(), level: z.enum(certificateLevels) })
  .meta({ id: 'CertificateExpiry', description: 'How long the trusted certificate is still valid' });

const OrgAddress = z.object({ name: z.string(), url: z.string() });

export const FederationPath = z.object({ id: Name });
export const GatePath = z.object({ id: Name, gate: z.string().min(1).max(200) });

/** What GET tells about one federation: the record with the steps as they stand now. */
export interface FederationAnswer extends Omit<FederationRecord, 'current' | 'last' | 'ended'> {
  /** The operation that is running, or else the last one: the steps are its steps. */
  readonly operation: OperationReference | null;
  readonly steps: readonly Step[];
  /** The open gates among the steps: what a person must do now. */
  readonly gates: readonly Gate[];
  /** How long the certificate that the SP org trusts is still valid; null before there is one. */
  readonly certificate: CertificateExpiry | null;
  readonly links: {
    readonly self: string;
    /** The operation's page in the Temporal UI, if the API knows where that is. */
    readonly temporal: string | null;
  };
}

export const FederationAnswerSchema: z.ZodType<FederationAnswer> = z
  .object({
    id: z.string(),
    state: StateSchema,
    spec: FederationSpecSchema,
    orgs: z.object({ idp: OrgAddress, sp: OrgAddress }),
    notices: z.array(z.string()).describe('What was changed in the specification on the way'),
    known: KnownValuesSchema,
    operation: OperationReferenceSchema.nullable().describe('The running operation, or else the last one'),
    steps: z.array(StepSchema).describe('The steps of `operation`'),
    gates: z.array(GateSchema).describe('The open gates among the steps'),
    lastPlan: OperationStatusSchema.nullable(),
    operations: z.array(OperationReferenceSchema),
    made: MadeSchema.exactOptional(),
    live: LiveSchema.nullable().exactOptional().describe('Absent or null until it is proven, or said by a person'),
    certificate: CertificateExpirySchema.nullable(),
    updatedAt: z.string(),
    links: z.object({ self: z.string(), temporal: z.string().nullable() }),
  })
  .meta({ id: 'Federation' });

export const FederationListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  pageToken: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'must be the nextPageToken of the page before')
    .optional(),
  state: StateSchema.optional(),
});

/** One page of GET /v1/federations. */
export const FederationListSchema = z
  .object({
    federations: z.array(
      z.object({
        id: z.string(),
        state: StateSchema,
        links: z.object({ self: z.string() }),
      }),
    ),
    nextPageToken: z.string().nullable().describe('Send it as pageToken for the next page; null on the last page'),
  })
  .meta({ id: 'FederationList' });
export type FederationList = z.output<typeof FederationListSchema>;
