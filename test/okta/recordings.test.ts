import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ApplicationGroupAssignment } from '../../src/okta/application-groups.js';
import { ApplicationKey } from '../../src/okta/application-keys.js';
import { ApplicationUser } from '../../src/okta/application-users.js';
import { Application } from '../../src/okta/applications.js';
import { errorOfAnswer } from '../../src/okta/errors.js';
import { Group } from '../../src/okta/groups.js';
import { IdentityProviderKey } from '../../src/okta/identity-provider-keys.js';
import { IdentityProvider } from '../../src/okta/identity-providers.js';
import { OrgMetadata } from '../../src/okta/org-metadata.js';
import { ProvisioningConnection } from '../../src/okta/provisioning-connection.js';
import { SamlMetadataXml } from '../../src/okta/saml-metadata.js';
import { User, UserRole } from '../../src/okta/users.js';
import { sharedFolder } from './support/shared.js';

/** Schemas of successful answers by operation, as the functions of src/okta use them. */
const schemas: Readonly<Record<string, z.ZodType>> = {
  listApplications: z.array(Application),
  getApplication: Application,
  createApplication: Application,
  replaceApplication: Application,
  previewSAMLmetadataForApplication: SamlMetadataXml,
  listApplicationKeys: z.array(ApplicationKey),
  listApplicationUsers: z.array(ApplicationUser),
  getApplicationUser: ApplicationUser,
  assignUserToApplication: ApplicationUser,
  getApplicationGroupAssignment: ApplicationGroupAssignment,
  assignGroupToApplication: ApplicationGroupAssignment,
  getDefaultProvisioningConnectionForApplication: ProvisioningConnection,
  getIdentityProvider: IdentityProvider,
  createIdentityProvider: IdentityProvider,
  getIdentityProviderKey: IdentityProviderKey,
  createIdentityProviderKey: IdentityProviderKey,
  getGroup: Group,
  addGroup: Group,
  getUser: User,
  listUsers: z.array(User),
  createUser: User,
  listAssignedRolesForUser: z.array(UserRole),
  getWellknownOrgMetadata: OrgMetadata,
};

const Step = z.object({ op: z.string().nullish(), status: z.number(), responseBody: z.unknown() });

function recordedSteps(folder: string): z.output<typeof Step>[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl') && file !== 'INDEX.jsonl');
  return files.flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => Step.parse(JSON.parse(line))),
  );
}

const folder = sharedFolder('okta-data/recorded/scenarios');

describe.skipIf(folder === null)('recorded answers of the real Okta (skipped where the recordings are absent)', () => {
  const steps = folder === null ? [] : recordedSteps(folder);

  test.each(Object.entries(schemas))('of %s are all understood, and nothing of them is lost', (operation, schema) => {
    const answers = steps.filter((step) => step.op === operation && step.status < 300);
    expect(answers.length).toBeGreaterThan(0);
    for (const { responseBody } of answers) {
      const parsed = schema.safeParse(responseBody);
      expect(parsed.error?.issues ?? []).toEqual([]);
      if (operation !== 'previewSAMLmetadataForApplication') expect(parsed.data).toEqual(responseBody);
    }
  });

  test('that are errors keep their code and their text', () => {
    const errors = steps.filter((step) => step.status >= 400 && Object.hasOwn(schemas, step.op ?? ''));
    expect(errors.length).toBeGreaterThan(0);
    for (const { status, responseBody, op } of errors) {
      const answer = { status, headers: new Headers(), text: JSON.stringify(responseBody) };
      const error = errorOfAnswer({ org: 'acme', operation: op ?? 'unknown' }, answer);
      expect(error.errorCode).toMatch(/^E\d{7}$/);
      expect(error.errorSummary).not.toBe('');
      expect(error.code).not.toBe('O2O_OKTA_ANSWER_INVALID');
    }
  });
});

const apps = sharedFolder('okta-data/recorded');

test.skipIf(apps === null)('recorded Org2Org apps are understood with the settings that federate', () => {
  const lines = readFileSync(join(apps ?? '', 'org2org-app-objects.jsonl'), 'utf8')
    .trim()
    .split('\n');
  for (const line of lines) {
    const { app } = z.object({ app: z.unknown() }).parse(JSON.parse(line));
    const parsed = Application.parse(app);
    expect(parsed).toEqual(app);
    expect(parsed.name).toBe('okta_org2org');
    if (parsed.signOnMode === 'SAML_2_0') expect(parsed.settings?.app).toHaveProperty('baseUrl');
  }
});
