import type { DiagnosisInput, IdpFacts, SeenPush, SeenSignIn } from '../domain/diagnosis-facts.js';
import { findApplicationUser } from '../okta/application-users.js';
import { findApplication, previewSAMLmetadataForApplication } from '../okta/applications.js';
import { getDefaultProvisioningConnectionForApplication } from '../okta/provisioning-connection.js';
import { quoted } from '../okta/request-path.js';
import { type LogEvent, latestLogEvents } from '../okta/system-log.js';
import { findUserByLogin } from '../okta/users.js';
import { seenOrg2OrgApp } from './org2org-app.js';
import { observeFeatures } from './provisioning-features.js';
import { type Diagnostician, lastDay, look, lookAfter, outcomeOf } from './user-diagnosis-look.js';
import { assignmentView, userView } from './user-views.js';

const groupPushed = 'application.provision.group_push.pushed';

/** Most events that one question to the System Log brings. */
const mostEvents = 100;

/** What the IdP org tells about a user who cannot get in. Never writes. */
export async function diagnoseIdpSide(
  diagnostician: Diagnostician,
  { federation, login }: DiagnosisInput,
): Promise<IdpFacts> {
  const appId = federation.org2orgAppId;
  const ofApp = `target.id eq ${quoted(appId)}`;
  const about = async () => {
    const user = await look(diagnostician, async (session) => {
      const found = await findUserByLogin(session, login);
      return found === null ? null : userView(found);
    });
    const [assignment, pushes, signOns] = await Promise.all([
      lookAfter(diagnostician, user, null, async (session, { id }) => {
        const found = await findApplicationUser(session, appId, id);
        return found === null
          ? null
          : { ...assignmentView(found), since: found.statusChanged ?? found.created ?? null };
      }),
      lookAfter(diagnostician, user, [], async (session, { id }) => {
        const filter = `eventType sw "application.provision.user." and ${ofApp} and target.id eq ${quoted(id)}`;
        return (await latestLogEvents(session, lastDay(filter), mostEvents)).map(outcomeOf);
      }),
      lookAfter(diagnostician, user, [], async (session, { id }) => {
        const filter = `eventType eq "user.authentication.sso" and ${ofApp} and actor.id eq ${quoted(id)}`;
        return (await latestLogEvents(session, lastDay(filter), mostEvents)).map(seenSignOn);
      }),
    ]);
    return { user, assignment, pushes, signOns };
  };
  const app = async () => {
    const found = await look(diagnostician, async (session) => {
      const application = await findApplication(session, appId);
      return application === null ? null : seenOrg2OrgApp(application);
    });
    const [metadata, connection, features] = await Promise.all([
      lookAfter(diagnostician, found, null, async (session) => {
        const { issuer, ssoUrl, thumbprint, expiresAt } = await previewSAMLmetadataForApplication(session, appId);
        return { issuer, ssoUrl, thumbprint, expiresAt };
      }),
      lookAfter(diagnostician, found, { status: 'gone with the app' }, async (session) => {
        const { status } = await getDefaultProvisioningConnectionForApplication(session, appId);
        return { status };
      }),
      lookAfter(diagnostician, found, null, (session) => observeFeatures(session, appId)),
    ]);
    return { app: found, metadata, connection, features };
  };
  const appPushes = look(diagnostician, async (session) => {
    const ofPushes = ['sw "application.provision.user."', `eq ${quoted(groupPushed)}`, 'sw "application.integration."'];
    const filter = `(${ofPushes.map((type) => `eventType ${type}`).join(' or ')}) and ${ofApp}`;
    return (await latestLogEvents(session, lastDay(filter), mostEvents)).map(seenPush);
  });
  const [ofUser, ofTheApp, ofAll] = await Promise.all([about(), app(), appPushes]);
  return { readAt: new Date().toISOString(), ...ofUser, ...ofTheApp, appPushes: ofAll };
}

function seenPush(event: LogEvent): SeenPush {
  const group = event.target?.find(({ type }) => type === 'UserGroup')?.id;
  return { ...outcomeOf(event), ...(event.eventType === groupPushed && group != null ? { groupId: group } : {}) };
}

function seenSignOn(event: LogEvent): SeenSignIn {
  return { ...outcomeOf(event), actorId: event.actor?.id ?? null, named: true };
}
