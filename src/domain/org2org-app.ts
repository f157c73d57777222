import type { Candidate, Decision, ResourceInput } from './assessment.js';
import { besides, corrections, decision, differences, type FieldPair, initialFields } from './changes.js';
import { oktaUsername } from './target-app.js';

/** An `okta_org2org` app instance of the IdP org. */
export interface SeenOrg2OrgApp {
  readonly id: string;
  readonly label: string;
  readonly status: string;
  readonly signOnMode: string;
  readonly userNameTemplate: string | null;
  readonly baseUrl: string | null;
  readonly acsUrl: string | null;
  readonly audRestriction: string | null;
  readonly signingKid: string | null;
  /** The `settings.signOn.…Override` fields that are set: each would defeat the ACS URL or audience. */
  readonly overrides: Readonly<Record<string, string>>;
}

/** What the IdP org shows of the Org2Org app. */
export interface SeenOrg2OrgApps {
  readonly known: SeenOrg2OrgApp | null;
  /** All instances of the org, if none is known. */
  readonly instances: readonly SeenOrg2OrgApp[];
}

/** The host of a base URL without Okta's `-admin` and without a trailing slash: both reach the same org. */
function sameOrgKey(baseUrl: string): string {
  return baseUrl
    .trim()
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/^(https?:\/\/[^./]+)-admin(\.)/, '$1$2');
}

/** Whether the app leads to the org with this URL by SAML. */
export function leadsTo(app: SeenOrg2OrgApp, url: string): boolean {
  return app.signOnMode === 'SAML_2_0' && app.baseUrl !== null && sameOrgKey(app.baseUrl) === sameOrgKey(url);
}

/** Instances that lead to the SP org by SAML. */
function matchingInstances(input: ResourceInput, instances: readonly SeenOrg2OrgApp[]): readonly SeenOrg2OrgApp[] {
  const { baseUrl } = input.spec.org2orgApp;
  return besides(input, 'org2orgApp', instances).filter((app) => leadsTo(app, baseUrl));
}

function candidate(app: SeenOrg2OrgApp): Candidate {
  return { id: app.id, label: app.label, facts: { status: app.status, baseUrl: app.baseUrl, acsUrl: app.acsUrl } };
}

function pairs(input: ResourceInput, app: SeenOrg2OrgApp | null): FieldPair[] {
  return [
    ['label', app?.label, input.spec.org2orgApp.label],
    ['settings.app.baseUrl', app?.baseUrl, input.spec.org2orgApp.baseUrl],
    ['credentials.userNameTemplate.template', app?.userNameTemplate, oktaUsername],
    ...Object.entries(app?.overrides ?? {}).map(
      ([field, value]): FieldPair => [`settings.signOn.${field}`, value, null],
    ),
  ];
}

/** Decides what the Org2Org app needs: guide, step 2. */
export function decideOrg2OrgApp(input: ResourceInput, seen: SeenOrg2OrgApps): Decision {
  const org = input.orgs.idp.name;
  const matching = matchingInstances(input, seen.instances);
  if (seen.known === null && matching.length > 1) {
    return decision({
      candidates: matching.map(candidate),
      explanation: `${matching.length} Org2Org apps in ${org} lead to ${input.spec.org2orgApp.baseUrl}: a person must say which.`,
    });
  }
  const app = seen.known ?? matching[0] ?? null;
  if (app === null) {
    return decision({
      changes: [
        {
          org,
          resource: 'org2orgApp',
          write: 'create',
          summary: `Add Okta Org2Org with Base URL ${input.spec.org2orgApp.baseUrl}`,
          fields: initialFields(pairs(input, null)),
          reversible: true,
        },
      ],
      explanation: `${org} has no Org2Org app for ${input.spec.org2orgApp.baseUrl} yet.`,
    });
  }
  const changes = corrections(org, 'org2orgApp', app, differences(pairs(input, app)));
  return decision({
    id: app.id,
    observed: { label: app.label, status: app.status, baseUrl: app.baseUrl, signingKid: app.signingKid },
    changes,
    known: { org2orgAppId: app.id },
    explanation:
      changes.length === 0 ? `${app.label} is there with the right Base URL.` : `${app.label} is there but differs.`,
  });
}
