import { z } from 'zod';
import { newPassword } from './configuration.js';
import type { OrgAdmin } from './org-admin.js';

const Created = z.looseObject({ id: z.string() });

/** The user of demo/federation.yaml with whom sign-on is tried. */
export const testUser = { login: 'ada@partner.example', firstName: 'Ada', lastName: 'Lovelace' };

const colleagues = [
  { login: 'alan@partner.example', firstName: 'Alan', lastName: 'Turing' },
  { login: 'grace@partner.example', firstName: 'Grace', lastName: 'Hopper' },
  { login: 'katherine@partner.example', firstName: 'Katherine', lastName: 'Johnson' },
];

/** Colleagues whom nobody deactivates in the SP org when they lose their right to be there. */
export const leftBehind = {
  one: { login: 'hedy@partner.example', firstName: 'Hedy', lastName: 'Lamarr' },
  others: [
    { login: 'edith@partner.example', firstName: 'Edith', lastName: 'Clarke' },
    { login: 'hertha@partner.example', firstName: 'Hertha', lastName: 'Ayrton' },
    { login: 'sophie@partner.example', firstName: 'Sophie', lastName: 'Germain' },
  ],
};

/** The group of the IdP org that gets the target app. */
export const groupName = 'Dropbox users';

/** A colleague who is in no group that gives the target app. */
export const withoutDropbox = { login: 'charles@partner.example', firstName: 'Charles', lastName: 'Babbage' };

/** Someone whom no org knows when the demo starts. */
export const joiner = {
  login: 'joan@partner.example',
  firstName: 'Joan',
  lastName: 'Clarke',
  email: 'joan@partner.example',
};

/** One row per user; the last one has a transition that does not exist. */
export const batchFile = `login,transition,profile.firstName,profile.lastName,profile.email
${withoutDropbox.login},onboard,,,
mary@partner.example,onboard,Mary,Somerville,mary@partner.example
grace@partner.example,suspend,,,
alan@partner.example,onbord,,,
`;

/** A handful of people in the IdP org, most of them in the group that gets the target app. */
export async function createPeople(idp: OrgAdmin, testUserPassword: string): Promise<void> {
  const group = await idp.send('POST', '/api/v1/groups', { profile: { name: groupName } }, Created);
  for (const person of [testUser, ...colleagues, leftBehind.one, ...leftBehind.others, withoutDropbox]) {
    const value = person === testUser ? testUserPassword : newPassword();
    const profile = { ...person, email: person.login };
    const body = { profile, credentials: { password: { value } } };
    const user = await idp.send('POST', '/api/v1/users?activate=true', body, Created);
    if (person === withoutDropbox) continue;
    await idp.send('PUT', `/api/v1/groups/${group.id}/users/${user.id}`, null, z.unknown());
  }
}
