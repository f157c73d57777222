import type { ValidAssertion } from './response-validation.js';

/** What an assertion says about the person, under the names that expressions use: `idpuser.subjectNameId`, …. */
export function identityProviderProfile(assertion: ValidAssertion): Record<string, unknown> {
  const profile: Record<string, unknown> = {};
  for (const [name, values] of assertion.attributes) {
    const value = values.length > 1 ? values : values[0];
    if (value !== undefined && value !== '' && name !== '__proto__') profile[name] = value;
  }
  return { ...profile, subjectNameId: assertion.nameId, subjectNameFormat: assertion.nameIdFormat };
}
