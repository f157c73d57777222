import { z } from 'zod';

/** Name of an org in the org registry, and of a federation: safe in ids, queues and URLs. */
export const Name = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,62}$/,
    'must be lower-case letters, digits and dashes, start with a letter, at most 63 characters',
  );

/** Where a worker finds a secret: `env:NAME` or `file:/absolute/path`. Never the secret itself. */
export const SecretReference = z
  .string()
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/,
    'must be a reference, env:NAME or file:/absolute/path, never the secret itself',
  );

const Label = z.string().trim().min(1).max(100);

const TargetApp = z.strictObject({
  /** `adopt` takes an app that exists, `create` adds it from the catalog where it is missing. */
  mode: z.enum(['adopt', 'create']).default('create'),
  /** Key in Okta's catalog. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/)
    .default('dropbox_for_business'),
  label: Label.default('Dropbox Business'),
  /** Okta's id, where the label alone would not tell which app is meant. */
  id: z
    .string()
    .regex(/^0oa[A-Za-z0-9]{8,}$/)
    .optional(),
  /** `settings.app` of the catalog app, as Okta's console shows them. */
  settings: z
    .record(z.string().max(100), z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]))
    .refine((settings) => Object.keys(settings).length <= 50, 'must be at most 50 settings')
    .default({}),
  /** Whether a person must work in the target's own admin console: sign-on URL, certificate, provisioning consent. */
  consoleWork: z.boolean().default(true),
});

const Org2OrgApp = z.strictObject({
  label: Label.optional(),
  /** URL of the SP org, if users reach it by another one than the registry's, for example a custom domain. */
  baseUrl: z.string().optional(),
});

const Certificate = z.strictObject({
  /** `active`, or the key id of the Org2Org app's signing key: it signs with that one, and the SP org trusts it. */
  kid: z.string().min(1).default('active'),
  /** A certificate with fewer days left is refused. */
  minimumDaysLeft: z.number().int().min(0).max(3650).default(30),
});

const IdentityProvider = z.strictObject({
  name: Label.optional(),
  subjectMatch: z.enum(['USERNAME', 'EMAIL', 'USERNAME_OR_EMAIL']).default('USERNAME'),
  /** Regular expression that a subject must match, so that the IdP org cannot sign in the SP org's own admins. */
  subjectFilter: z.string().max(1024).nullable().default(null),
  accountLink: z.enum(['AUTO', 'DISABLED']).default('AUTO'),
  /** Create a user at the first sign-in if provisioning has not done so. */
  jit: z.boolean().default(true),
  /** Tolerated clock difference in milliseconds. */
  maxClockSkew: z.number().int().min(0).max(3_600_000).default(120_000),
});

const Provisioning = z
  .strictObject({
    auth: z.enum(['oauth2', 'token']).default('oauth2'),
    /** With `auth: token`: where the IdP org's worker finds the SP org's API token. */
    token: SecretReference.optional(),
    features: z
      .strictObject({
        create: z.boolean().default(true),
        update: z.boolean().default(true),
        deactivate: z.boolean().default(true),
      })
      .prefault({}),
  })
  .superRefine((value, context) => {
    if (value.auth === 'token' && value.token === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['token'],
        message: "auth: token needs a reference to the SP org's API token",
      });
    }
    if (value.auth === 'oauth2' && value.token !== undefined) {
      context.addIssue({ code: 'custom', path: ['token'], message: 'auth: oauth2 needs no token: remove the field' });
    }
  });

const Assignments = z.strictObject({
  /** Names of groups in the IdP org whose members get the Org2Org app. */
  groups: z.array(z.string().min(1).max(255)).max(50).default([]),
  /** Logins in the IdP org that get it directly. */
  users: z.array(z.string().min(1).max(100)).max(100).default([]),
});

const Access = z.strictObject({
  /** Group in the SP org that holds the federation's users and is assigned to the target app. */
  group: z.string().trim().min(1).max(255).optional(),
});

const Users = z.strictObject({
  /** How a user who has no assignment gets one: directly, or as a member of the first of `assignments.groups`. */
  assignBy: z.enum(['direct', 'group']).default('direct'),
  /** Logins in the IdP org of users who are never offboarded without a person's decision. */
  exempt: z.array(z.string().min(1).max(100)).max(1000).default([]),
  /** What happens if Okta's push of a deactivation does not arrive: a person decides, or the SP org is told directly. */
  whenPushFails: z.enum(['gate', 'deactivate']).default('gate'),
  /** How long Okta's push to the SP org may take. */
  pushWithinMinutes: z.number().int().min(1).max(1440).default(15),
});

const SignOn = z.strictObject({
  /** A user of the IdP org with whom sign-on is tried end to end. Without one only the configuration is checked. */
  testUser: z.strictObject({ login: z.string().min(1).max(100), password: SecretReference }).optional(),
});

/** What a user writes, as YAML or JSON. Unknown fields are refused. */
export const FederationSpecDocument = z
  .strictObject({
    idp: Name,
    sp: Name,
    targetApp: TargetApp.prefault({}),
    org2orgApp: Org2OrgApp.prefault({}),
    certificate: Certificate.prefault({}),
    identityProvider: IdentityProvider.prefault({}),
    provisioning: Provisioning.prefault({}),
    assignments: Assignments.prefault({}),
    access: Access.prefault({}),
    users: Users.prefault({}),
    signOn: SignOn.prefault({}),
  })
  .superRefine((value, context) => {
    if (value.idp === value.sp) {
      context.addIssue({
        code: 'custom',
        path: ['sp'],
        message: 'must be another org than idp: an org cannot be federated with itself',
      });
    }
    if (value.users.assignBy === 'group' && value.assignments.groups.length === 0) {
      context.addIssue({
        code: 'custom',
        path: ['users', 'assignBy'],
        message: 'group needs a group: name one under assignments.groups',
      });
    }
  });

type Document = z.output<typeof FederationSpecDocument>;

/** The specification with every default filled in: what workflows, activities and decisions work on. */
export interface FederationSpec extends Omit<Document, 'org2orgApp' | 'identityProvider' | 'access'> {
  readonly org2orgApp: { readonly label: string; readonly baseUrl: string };
  readonly identityProvider: Document['identityProvider'] & { readonly name: string };
  readonly access: { readonly group: string };
}
