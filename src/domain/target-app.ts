import type { Candidate, Decision, ResourceInput } from './assessment.js';
import { type AssignedGroup, groupsBeyond } from './assigned-groups.js';
import { besides, corrections, decision, differences, type FieldPair, initialFields } from './changes.js';
import { problem } from './errors.js';
import type { Fact } from './evidence.js';

/** An app as far as the target app is concerned. */
export interface SeenTargetApp {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly status: string;
  readonly signOnMode: string;
  readonly features: readonly string[];
  readonly userNameTemplate: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What the SP org shows of the target app. */
export interface SeenTargetApps {
  /** The app whose id is known or was chosen, null if it does not exist (any more). */
  readonly known: SeenTargetApp | null;
  /** Apps that could be meant: same label, or same catalog key. Empty if one is known. */
  readonly similar: readonly SeenTargetApp[];
  /** From the app's SAML metadata, null before it exists or without SAML. */
  readonly signOn: { readonly ssoUrl: string; readonly certificate: string } | null;
  /** Every group that has the app that is meant; absent where nobody looked. */
  readonly groups?: readonly AssignedGroup[];
}

/** The most groups that are remembered as agreed. An app that more groups had is not watched for another one. */
const mostGroups = 200;

/**
 * Groups that had the app when the federation came upon it: people of the SP org may have had it before. Undefined where they
 * are not known.
 */
function agreedGroups({ known }: ResourceInput, appId: string, groups: SeenTargetApps['groups']) {
  if (known.targetAppId === appId && known.targetAppGroups !== undefined) return known.targetAppGroups;
  return groups === undefined || groups.length > mostGroups ? undefined : groups.map(({ id }) => id);
}

/** The guide's "Username: Okta username", in Okta's own expression syntax. */
export const oktaUsername = '${source.login}';

/** What provisioning "To App" of the guide's step 1 shows in an app's `features`. */
export const targetAppProvisioning = ['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES', 'PUSH_USER_DEACTIVATION'] as const;

function pairs(spec: ResourceInput['spec']['targetApp'], app: SeenTargetApp | null): FieldPair[] {
  const settings = Object.entries(spec.settings).map(
    ([key, value]): FieldPair => [`settings.app.${key}`, fact(app?.settings[key]), value],
  );
  return [['credentials.userNameTemplate.template', app?.userNameTemplate, oktaUsername], ...settings];
}

/** What differs in an app that is there. One that is named by id, or adopted, keeps its label. */
function corrected(spec: ResourceInput['spec']['targetApp'], app: SeenTargetApp): FieldPair[] {
  const labelled = spec.mode === 'create' && spec.id === undefined && app.name === spec.name;
  return [...(labelled ? ([['label', app.label, spec.label]] as const) : []), ...pairs(spec, app)];
}

function fact(value: unknown): Fact {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function candidate(app: SeenTargetApp): Candidate {
  return { id: app.id, label: app.label, facts: { name: app.name, status: app.status, signOnMode: app.signOnMode } };
}

/** The app that the specification means, or null if none or more than one fits. */
export function chooseTargetApp(input: ResourceInput, seen: SeenTargetApps): SeenTargetApp | null {
  if (seen.known !== null || input.spec.targetApp.id !== undefined) return seen.known;
  const possible = besides(input, 'targetApp', seen.similar);
  const sameLabel = possible.filter((app) => app.label === input.spec.targetApp.label);
  if (sameLabel.length > 0) return sameLabel.length === 1 ? (sameLabel[0] ?? null) : null;
  return possible.find((app) => isRenamed(input, app)) ?? null;
}

/** Whether somebody gave another label to the app that this federation made. */
function isRenamed({ spec, known }: ResourceInput, { id, name }: SeenTargetApp): boolean {
  return spec.targetApp.mode === 'create' && id === known.targetAppId && name === spec.targetApp.name;
}

/** Decides what the target app needs: guide, step 1. */
export function decideTargetApp(input: ResourceInput, seen: SeenTargetApps): Decision {
  const spec = input.spec.targetApp;
  const org = input.orgs.sp.name;
  const app = chooseTargetApp(input, seen);
  if (app === null) {
    const similar = spec.id === undefined ? besides(input, 'targetApp', seen.similar) : [];
    if (similar.length > 0) {
      return decision({
        candidates: similar.map(candidate),
        explanation: `${similar.length} app(s) in ${org} could be the target app: a person must say which.`,
      });
    }
    if (spec.mode === 'adopt' || spec.id !== undefined) {
      const label = spec.id ?? spec.label;
      return decision({
        blockers: [problem('O2O_TARGET_APP_MISSING', { org, label })],
        explanation: `${org} has no app ${label} to adopt.`,
      });
    }
    return decision({
      changes: [
        {
          org,
          resource: 'targetApp',
          write: 'create',
          summary: `Add ${spec.label} from the catalog (${spec.name})`,
          fields: initialFields([['name', null, spec.name], ['label', null, spec.label], ...pairs(spec, null)]),
          reversible: true,
        },
      ],
      explanation: `${org} has no app ${spec.label} yet.`,
    });
  }
  const changes = corrections(org, 'targetApp', app, differences(corrected(spec, app)));
  const agreed = agreedGroups(input, app.id, seen.groups);
  return decision({
    id: app.id,
    observed: {
      label: app.label,
      name: app.name,
      status: app.status,
      signOnMode: app.signOnMode,
      features: app.features,
    },
    changes,
    surplus: agreed === undefined ? [] : groupsBeyond(seen.groups ?? [], [...agreed, input.known.accessGroupId]),
    known: {
      targetAppId: app.id,
      ...(agreed === undefined ? {} : { targetAppGroups: agreed }),
      ...(seen.signOn === null
        ? {}
        : { targetAppSsoUrl: seen.signOn.ssoUrl, targetAppCertificate: seen.signOn.certificate }),
    },
    explanation:
      changes.length === 0
        ? `${app.label} is there, active, with the Okta username.`
        : `${app.label} is there but differs.`,
  });
}
