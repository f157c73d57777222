import type { Assessment } from './assessment.js';
import type { Check } from './check.js';
import { both, checkOn, failed, type Judgement, judge, passed, unknown } from './diagnosis-check.js';
import { leadsTo } from './org2org-app.js';
import type { IdpPreflight, PreflightInput, SpPreflight } from './preflight-facts.js';
import { clockCheck, type PreflightOrg, seconds } from './preflight-org.js';
import { connectionJwksUri, serviceClientName } from './service-client.js';

const askedAtGate =
  'The setup asks at a gate which one is meant. Take away what is not needed first to be spared that.';

/** What an assessment comes to before anything is written: a blocker or a name that is taken stands in the way. */
function assessed(
  assessment: Assessment,
  { taken, absent }: { readonly taken: (assessment: Assessment) => Judgement; readonly absent: Judgement },
): Judgement {
  const [blocker] = assessment.blockers;
  if (blocker !== undefined) return failed(blocker.message.replace(/\.$/, ''), blocker.fix);
  if (assessment.candidates.length > 0) return taken(assessment);
  return assessment.id === null ? absent : passed(`${assessment.explanation.replace(/\.$/, '')} (${assessment.id})`);
}

/** Whether the URLs lead to two orgs, and whether the app may be on the side where the specification wants it. */
export function twoOrgsCheck({ orgs }: PreflightInput, idp: IdpPreflight, sp: SpPreflight): Check {
  const ids = both(idp.metadata, sp.metadata);
  return checkOn('twoOrgs', 'They are two different orgs', ids, ([ofIdp, ofSp]) =>
    judge(
      ofIdp.id !== ofSp.id,
      ofIdp.id === ofSp.id ? `both are ${ofIdp.id}` : `${ofIdp.id} and ${ofSp.id}`,
      `Correct the URLs of ${orgs.idp.name} and ${orgs.sp.name} in the configuration: a federation needs two orgs.`,
    ),
  );
}

/** Everything between the orgs that could stand in the way, in the order of the setup. */
export function pairChecks(input: PreflightInput, idp: IdpPreflight, sp: SpPreflight): Check[] {
  const { orgs, spec } = input;
  const spToken =
    idp.spToken.problem === null
      ? idp.spToken.seen
      : [checkOn('spToken', 'The SP token can be looked at', idp.spToken, () => passed(''))];
  return [
    checkOn('org2orgAvailable', `${orgs.idp.name} has the app Okta Org2Org`, idp.org2orgApps, (apps) =>
      apps.length > 0
        ? passed(`${apps.length} of them`)
        : unknown(
            `none yet${isFreePlan(orgs.idp.url) ? ', and its address is that of a free developer org, which has none' : ''}; only adding one shows it`,
            "Look for it in the console: Applications > Browse App Catalog. Free developer (Integrator) orgs lack it and cannot be the IdP org: take a paid or partner org, or ask Okta's account team.",
          ),
    ),
    checkOn('direction', 'The orgs are not mixed up', both(idp.org2orgApps, sp.org2orgApps), ([there, here]) => {
      const back = here.find((app) => leadsTo(app, orgs.idp.url));
      if (back === undefined) return passed(`no Org2Org app of ${orgs.sp.name} leads to ${orgs.idp.name}`);
      if (there.some((app) => leadsTo(app, spec.org2orgApp.baseUrl)))
        return passed('they are federated in both directions');
      return failed(
        `${orgs.sp.name} has an Org2Org app that leads to ${orgs.idp.name}: ${back.id}`,
        `The Org2Org app belongs to the org that owns the users. If that is ${orgs.sp.name}, write it under idp and ${orgs.idp.name} under sp; if users shall go both ways, nothing is wrong.`,
      );
    }),
    checkOn('org2orgApp', 'It is clear which Org2Org app is meant', idp.app, (assessment) =>
      assessed(assessment, {
        taken: ({ explanation }) => unknown(explanation.replace(/\.$/, ''), askedAtGate),
        absent: passed(`a new one is added: ${spec.org2orgApp.label}`),
      }),
    ),
    checkOn('certificate', 'Its signing certificate is valid for long enough', idp.certificate, (assessment) =>
      assessed(assessment, { taken: () => passed(''), absent: passed('it comes with the app') }),
    ),
    ...spToken,
    checkOn(
      'assignments',
      `${orgs.idp.name} has the groups and users that are to be assigned`,
      idp.assignments,
      ({ blockers }) => {
        const [blocker] = blockers;
        if (blocker === undefined) return passed('all of them');
        return failed(blockers.map(({ message }) => message.replace(/\.$/, '')).join('; '), blocker.fix);
      },
    ),
    checkOn('targetApp', `It is clear which app of ${orgs.sp.name} is the target app`, sp.targetApp, (assessment) =>
      assessed(assessment, {
        taken: ({ explanation }) =>
          unknown(explanation.replace(/\.$/, ''), `${askedAtGate} Or name it under targetApp.label or targetApp.id.`),
        absent: unknown(
          `there is none yet; only adding it shows whether the catalog has ${spec.targetApp.name}`,
          'Look for it in the console: Applications > Browse App Catalog. Or add it there, and set targetApp.mode to adopt.',
        ),
      }),
    ),
    checkOn(
      'identityProviderName',
      `The identity provider's name is free in ${orgs.sp.name}`,
      sp.identityProvider,
      (assessment) =>
        assessed(assessment, {
          taken: ({ candidates }) =>
            failed(
              candidates.map(({ id, label }) => `${label} (${id})`).join(', '),
              'Set identityProvider.name to another name. If that identity provider is the one of this federation, the setup asks at a gate.',
            ),
          absent: passed(spec.identityProvider.name),
        }),
    ),
    checkOn(
      'accessGroupName',
      `It is clear which group of ${orgs.sp.name} gives access`,
      sp.accessGroup,
      (assessment) =>
        assessed(assessment, {
          taken: ({ explanation }) =>
            failed(explanation.replace(/\.$/, ''), 'Set access.group to a name that exists once, or not at all.'),
          absent: passed(`a new one is made: ${spec.access.group}`),
        }),
    ),
    ...(spec.provisioning.features.create ? [] : [jitSwitchCheck(input)]),
    ...clockChecks(input, idp, sp),
  ];
}

/** Names that Okta lets stand twice and people mix up, and what only a console shows. */
export function pairAdvice(input: PreflightInput, idp: IdpPreflight, sp: SpPreflight, owner: string | null): Check[] {
  const { orgs, spec } = input;
  const appId = idp.app.problem === null ? (idp.app.seen.id ?? undefined) : undefined;
  const resource = {
    ...input,
    federationId: '',
    chosen: {},
    known: appId === undefined ? {} : { org2orgAppId: appId },
  };
  return [
    checkOn('pair', 'No federation has this Org2Org app yet', idp.app, ({ id }) =>
      judge(
        owner === null,
        owner === null ? (id ?? 'there is none yet') : `${id} belongs to the federation ${owner}`,
        `PUT the specification as the federation ${owner}: another one may not take what it has.`,
      ),
    ),
    checkOn('org2orgAppLabel', `No other Org2Org app of ${orgs.idp.name} has this label`, idp.org2orgApps, (apps) => {
      const same = apps.filter(({ id, label }) => label === spec.org2orgApp.label && id !== appId);
      return judge(
        same.length === 0,
        same.length === 0 ? spec.org2orgApp.label : `${same.map(({ id }) => id).join(', ')} leads elsewhere`,
        'Set org2orgApp.label to another label: users and administrators cannot tell two apps of one label apart.',
      );
    }),
    ...(spec.provisioning.auth === 'token'
      ? []
      : [
          checkOn(
            'serviceClientName',
            `No other client of ${orgs.sp.name} has the service client's name`,
            sp.serviceClients,
            (clients) => {
              const name = serviceClientName(resource);
              const own = connectionJwksUri(resource);
              const others = clients.filter(
                ({ label, jwksUri }) => label === name && (own === undefined || jwksUri !== own),
              );
              return judge(
                others.length === 0,
                others.length === 0 ? name : `${others.length} called ${name}, with keys of another connection`,
                `Look in the console of ${orgs.sp.name} whether that client is of a federation that has ended; if so, deactivate and delete it.`,
              );
            },
          ),
        ]),
    ...(spec.provisioning.features.create ? [jitSwitchCheck(input)] : []),
  ];
}

function jitSwitchCheck({ orgs, spec }: PreflightInput): Check {
  const judgement = spec.identityProvider.jit
    ? unknown(
        'no API of Okta shows the switch of the org',
        `Look in the console of ${orgs.sp.name}: Customizations > Other > Just In Time Provisioning. While it is off, the identity provider creates nobody.`,
      )
    : passed('not used');
  return {
    name: 'jitSwitch',
    statement: `${orgs.sp.name} lets identity providers create users`,
    ...judgement,
    evidence: [],
  };
}

function clockChecks({ orgs, spec }: PreflightInput, idp: IdpPreflight, sp: SpPreflight): Check[] {
  const { auth } = spec.provisioning;
  const of = (role: 'idp' | 'sp'): PreflightOrg => ({ ...orgs[role], role, auth });
  const between =
    idp.clockAheadMs === null || sp.clockAheadMs === null ? null : Math.abs(idp.clockAheadMs - sp.clockAheadMs);
  const most = spec.identityProvider.maxClockSkew;
  const judgement =
    between === null
      ? unknown('not both orgs told their time', 'Settle the failed check before it, then ask again.')
      : judge(
          between <= most,
          `${seconds(between)} apart, ${seconds(most)} allowed`,
          `${orgs.sp.name} refuses assertions that seem to come from another time. Ask Okta about the clock that is wrong, or raise identityProvider.maxClockSkew.`,
        );
  return [
    clockCheck(of('idp'), idp),
    clockCheck(of('sp'), sp),
    { name: 'clocks', statement: 'The clocks of both orgs agree', ...judgement, evidence: [] },
  ];
}

function isFreePlan(url: string): boolean {
  return /^https:\/\/integrator-\d+\./.test(url);
}
