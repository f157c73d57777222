import { afterEach, describe, expect, it } from 'vitest';
import { FaultRequest } from '../../sandbox/control/faults.js';
import { objectCounts, oneOfEach } from '../world/object-counts.js';
import { objects } from '../world/okta-admin.js';
import { startWorld } from '../world/start-world.js';
import { type World, withoutPeople } from '../world/world.js';

let world: World;

afterEach(() => world.stop());

const idpApps = { org: 'idp', operation: 'listApplications' };

describe('a setup that meets an answer which says too little', () => {
  it.each<[string, readonly Record<string, unknown>[]]>([
    ['no apps at the first look', [{ ...idpApps, kind: 'emptyPage' }]],
    [
      'no apps after the creation of the app got no answer',
      [
        { org: 'idp', operation: 'createApplication', kind: 'resetAfter' },
        { ...idpApps, kind: 'emptyPage', nth: 5 },
      ],
    ],
    ['nobody assigned', [{ org: 'idp', operation: 'listApplicationUsers', kind: 'emptyPage', nth: 1 }]],
    ['no group of that name', [{ org: 'idp', operation: 'listGroups', kind: 'emptyPage', nth: 1 }]],
    [
      'metadata, identity provider and members cut in half',
      [
        { org: 'idp', operation: 'previewSAMLmetadataForApplication', kind: 'truncatedJson' },
        { org: 'sp', operation: 'createIdentityProvider', kind: 'truncatedJson' },
        { org: 'sp', operation: 'listGroupUsers', kind: 'truncatedJson' },
      ],
    ],
    [
      'pages of a gateway instead of answers',
      [
        { org: 'idp', operation: 'createApplication', kind: 'html', status: 200 },
        { org: 'sp', operation: 'assignUserToGroup', kind: 'html', status: 200 },
        { org: 'sp', operation: 'listApplications', kind: 'html', status: 502 },
      ],
    ],
  ])('%s: ends well, with one object of each kind and access for everyone', async (_, faults) => {
    world = await startWorld();
    const added = faults.map((fault) => world.sandbox.faults.add(FaultRequest.parse(fault)));
    const answer = await world.setUp(withoutPeople());
    expect(answer.steps.flatMap((step) => step.problem ?? [])).toEqual([]);
    expect(answer.state).toBe('ready');
    expect(added.map(({ hits }) => hits)).toEqual(added.map(() => 1));
    expect(await objectCounts(world)).toEqual(oneOfEach);
    const group = answer.known.accessGroupId ?? '';
    expect(objects(await world.spAdmin.get(`/api/v1/groups/${group}/users`))).toHaveLength(2);
  });
});
