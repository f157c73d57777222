import { decideAccessGroup, type SeenAccessGroup } from '../domain/access-group.js';
import { chosenId } from '../domain/changes.js';
import { Org2OrgError } from '../domain/errors.js';
import { assignGroupToApplication, findApplicationGroupAssignment } from '../okta/application-groups.js';
import { addGroup, findGroup, findGroupsByName } from '../okta/groups.js';
import type { Resource } from './resource.js';

/** The group of the SP org whose members get the target app. */
export const accessGroup: Resource<SeenAccessGroup> = {
  name: 'accessGroup',
  side: 'sp',

  async observe(session, input) {
    const { group: name } = input.spec.access;
    const chosen = chosenId(input, 'accessGroup');
    const id = chosen ?? input.known.accessGroupId;
    const group = id === undefined ? null : await findGroup(session, id);
    const meant = group !== null && (chosen !== undefined || group.profile.name === name);
    const found = meant ? [group] : await findGroupsByName(session, name);
    const [only] = found;
    const { targetAppId } = input.known;
    const assigned =
      found.length === 1 && only !== undefined && targetAppId !== undefined
        ? (await findApplicationGroupAssignment(session, targetAppId, only.id)) !== null
        : false;
    return { groups: found.map((each) => ({ id: each.id, name: each.profile.name, type: each.type })), assigned };
  },

  decide: decideAccessGroup,

  async write(session, input, _seen, change) {
    if (change.write === 'create') {
      const group = await addGroup(session, {
        name: input.spec.access.group,
        description: `Users of ${input.orgs.idp.name} who may use ${input.spec.targetApp.label} (federation ${input.federationId})`,
      });
      return { accessGroupId: group.id };
    }
    const { targetAppId, accessGroupId } = input.known;
    if (targetAppId === undefined || accessGroupId === undefined) throw new Org2OrgError('O2O_INTERNAL');
    await assignGroupToApplication(session, targetAppId, accessGroupId);
    return {};
  },
};
