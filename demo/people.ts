import { z } from 'zod';
import type { OrgAdmin } from './org-admin.js';

const Created = z.looseObject({ id: z.string() });

/** The user of demo/federation.yaml with whom sign-on is tried. */
export const testUser = { login: 'ada@partner.example', firstName: 'Ada', lastName: 'Lovelace' };

const colleagues = [
  { login: 'alan@partner.example', firstName: 'Alan', lastName: 'Turing' },
  { login: 'grace@partner.example', firstName: 'Grace', lastName: 'Hopper' },
  { login: 'katherine@partner.example', firstName: 'Katherine', lastName: 'Johnson' },
];

const withoutDropbox = [{ login: 'charles@partner.example', firstName: 'Charles', lastName: 'Babbage' }];

/** A handful of people in the IdP org, most of them in the group that gets the target app. */
export async function createPeople(idp: OrgAdmin, testUserPassword: string): Promise<void> {
  const group = await idp.send('POST', '/api/v1/groups', { profile: { name: 'Dropbox users' } }, Created);
  for (const person of [testUser, ...colleagues, ...withoutDropbox]) {
    const password = person === testUser ? { credentials: { password: { value: testUserPassword } } } : {};
    const profile = { ...person, email: person.login };
    const user = await idp.send('POST', '/api/v1/users?activate=true', { profile, ...password }, Created);
    if (withoutDropbox.includes(person)) continue;
    await idp.send('PUT', `/api/v1/groups/${group.id}/users/${user.id}`, null, z.unknown());
  }
}
