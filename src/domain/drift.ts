import { z } from 'zod';
import {
  type Assessment,
  type Change,
  type FieldValue,
  type KnownValues,
  type ResourceName,
  resourceNames,
} from './assessment.js';
import { humanStep, isSecurityField, specificationField } from './drift-fields.js';
import { type Problem, problem } from './errors.js';

/** The steps of a drift check after those of a setup that it looks through. */
export const driftStepNames = ['driftCauses', 'driftMended'] as const;

/** What is done about drift that is relevant to security. Other drift is only reported. */
const driftPolicies = ['report', 'gate', 'mend'] as const;

const IgnoreRule = z.strictObject({
  resource: z.enum(resourceNames),
  /** Okta's path of one field, or the specification's; every field of the resource where absent. */
  field: z.string().min(1).max(200).optional(),
});

/** What a drift check is asked for. */
export const DriftOptions = z.strictObject({
  policy: z.enum(driftPolicies).default('report'),
  /** Differences that somebody wants: they are listed as ignored and nothing is done about them. */
  ignore: z.array(IgnoreRule).max(50).default([]),
});
export type DriftOptions = z.output<typeof DriftOptions>;

/** The last change of an object, as the org's System Log has it. */
export interface DriftCause {
  /** When (ISO 8601, UTC). */
  readonly at: string;
  readonly actorId: string | null;
  /** `User`, `PublicClientApp`, … */
  readonly actorType: string | null;
  /** The name under which the System Log knows the actor. */
  readonly actorName: string | null;
  readonly eventType: string;
  /** Okta's id of the event. */
  readonly eventId: string;
}

/** One attribute of one resource that is not as agreed. */
export interface DriftDifference {
  readonly org: string;
  readonly resource: ResourceName;
  /** Okta's path of the attribute. */
  readonly field: string;
  /** Where the specification says what it should be; null for what is the same in every federation. */
  readonly specification: string | null;
  readonly agreed: FieldValue;
  readonly found: FieldValue;
  readonly security: boolean;
  readonly ignored: boolean;
  /** Whether this check has brought it back to what was agreed. */
  readonly mended: boolean;
  /** What a person must do, where neither a mend nor a PUT brings it back. */
  readonly fix?: string;
  /** The last change of the object; null where the System Log tells of none. */
  readonly changed: DriftCause | null;
}

/** What a drift check has found. */
export interface DriftReport {
  readonly differences: readonly DriftDifference[];
  /** What keeps the federation from being as agreed and that no write would mend, and what could not be read. */
  readonly problems: readonly Problem[];
}

/** The last change of each object that differs, by the resource; of what is beyond the agreement by resource and field. */
export type DriftCauses = Readonly<Record<string, DriftCause>>;

function isIgnored({ ignore }: DriftOptions, resource: ResourceName, field: string): boolean {
  const names = [field, specificationField(resource, field)];
  return ignore.some((rule) => rule.resource === resource && (rule.field === undefined || names.includes(rule.field)));
}

/** What one org shows and the other org relies on, by the name under which the federation knows it: where it is seen. */
const reliedOn: Readonly<Partial<Record<ResourceName, Readonly<Partial<Record<keyof KnownValues, string>>>>>> = {
  samlMetadata: {
    issuer: 'entityID',
    ssoUrl: 'SingleSignOnService',
    certificateThumbprint: 'x5t#S256',
  },
  identityProvider: { acsUrl: '_links.acs.href', audience: 'protocol.credentials.trust.audience' },
};

type Differing = Pick<Change, 'org' | 'resource' | 'fields'>;

/** What an assessment shows otherwise than the federation knows it, in the org where it is seen. */
function otherThanKnown({ org, resource, known }: Assessment, agreed: KnownValues): Differing {
  const names = Object.entries(reliedOn[resource] ?? {}) as [keyof KnownValues, string][];
  const fields = names.flatMap(([name, field]) => {
    const [before, after] = [known[name], agreed[name]];
    return before === undefined || after === undefined ? [] : [{ field, before, after }];
  });
  return { org, resource, fields };
}

function beyond({ org, resource, surplus = [] }: Assessment): Differing {
  return { org, resource, fields: surplus };
}

/** The differences that assessments show, attribute by attribute; `agreed` are the values that the federation knows. */
export function driftOf(
  assessments: readonly Assessment[],
  causes: DriftCauses,
  options: DriftOptions,
  agreed: KnownValues = {},
): readonly DriftDifference[] {
  return assessments.flatMap((assessment) =>
    [...assessment.changes, otherThanKnown(assessment, agreed), beyond(assessment)].flatMap(
      ({ org, resource, fields }) =>
        fields
          .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
          .map(({ field, before, after }) => ({
            org,
            resource,
            field,
            specification: specificationField(resource, field),
            agreed: after,
            found: before,
            security: isSecurityField(resource, field),
            ignored: isIgnored(options, resource, field),
            mended: false,
            changed: causes[resource] ?? null,
            ...humanStep(org, resource, field),
          })),
    ),
  );
}

/** What a mend was meant to bring back, and what a look after it shows. */
export interface MendFacts {
  readonly found: readonly DriftDifference[];
  /** The resources that were to be brought back. */
  readonly resources: readonly ResourceName[];
  /** The look after the mend; a resource that could not be read is missing. */
  readonly assessments: readonly Assessment[];
  readonly options: DriftOptions;
  readonly agreed: KnownValues;
}

/**
 * What a mend has come to. Mended is what a look after it shows as agreed; every other difference stays, with a problem where
 * it was to be brought back. What differs since is added.
 */
export function afterMend({ found, resources, assessments, options, agreed }: MendFacts): DriftReport {
  const left = driftOf(assessments, {}, options, agreed);
  const isRead = ({ resource }: DriftDifference) => assessments.some((each) => each.resource === resource);
  const isSame = (one: DriftDifference) => (other: DriftDifference) =>
    one.org === other.org && one.resource === other.resource && one.field === other.field;
  const isMeant = ({ resource }: DriftDifference) => resources.includes(resource);
  const differences = [
    ...found.map((each) => ({ ...each, mended: isMeant(each) && isRead(each) && !left.some(isSame(each)) })),
    ...left.filter((each) => !found.some(isSame(each))),
  ];
  const problems = differences
    .filter((each) => isMeant(each) && !each.mended && !each.ignored)
    .map(({ org, resource, field, fix }) =>
      problem(fix === undefined ? 'O2O_DRIFT_NOT_MENDED' : 'O2O_DRIFT_NEEDS_A_PERSON', { org, resource, field }),
    );
  return { differences, problems };
}
