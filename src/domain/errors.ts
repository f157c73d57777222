/** What went wrong, for a person: stands in steps, blockers and API answers. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  /** What the operator should do. */
  readonly fix: string;
  /** Whether trying again can help without anyone doing anything. */
  readonly retryable: boolean;
  readonly org: string | null;
}

interface CatalogueEntry {
  /** Status of the API's answer. */
  readonly status: number;
  /** `{name}` is filled in from the error's values. */
  readonly message: string;
  readonly retryable: boolean;
  readonly fix: string;
}

/** Every error of the product. `docs/errors.md` is generated from it. */
export const catalogue = {
  O2O_SPEC_INVALID: {
    status: 400,
    message: 'The specification is not valid.',
    retryable: false,
    fix: 'Correct the fields named under `errors` and send it again; nothing was started.',
  },
  O2O_REQUEST_INVALID: {
    status: 400,
    message: 'The request is not valid.',
    retryable: false,
    fix: 'Correct the fields named under `errors` and send it again.',
  },
  O2O_ORG_UNKNOWN: {
    status: 400,
    message: 'The org {org} is not in the org registry.',
    retryable: false,
    fix: 'Add the org to the registry file of the API and of the worker that holds its credentials, or correct the name.',
  },
  O2O_BODY_TOO_LARGE: {
    status: 413,
    message: 'The body of the request is too large.',
    retryable: false,
    fix: 'A specification has a few kilobytes: send nothing but the specification.',
  },
  O2O_MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    message: 'The body has a media type that is not understood.',
    retryable: false,
    fix: 'Send JSON with `Content-Type: application/json` or YAML with `Content-Type: application/yaml`; a batch as `application/x-ndjson` or `text/csv`.',
  },
  O2O_UNAUTHENTICATED: {
    status: 401,
    message: 'The request carries no valid API token.',
    retryable: false,
    fix: 'Send `Authorization: Bearer <token>` with a token whose hash stands in the configuration.',
  },
  O2O_FORBIDDEN: {
    status: 403,
    message: 'The API token {actor} lacks the role {role}.',
    retryable: false,
    fix: 'Use a token with that role, or add the role to this token in the configuration.',
  },
  O2O_FEDERATION_NOT_FOUND: {
    status: 404,
    message: 'There is no federation {federation}.',
    retryable: false,
    fix: 'Check the id, or create it with PUT /v1/federations/{id}.',
  },
  O2O_FEDERATION_NOT_READY: {
    status: 409,
    message: 'The federation {federation} is {state}: its setup has not ended well.',
    retryable: false,
    fix: 'GET the federation, settle what its steps name, send the same PUT again; then send the command to the user again.',
  },
  O2O_FEDERATION_PAUSED: {
    status: 409,
    message: 'The federation {federation} is paused: a setup would turn its connection on again.',
    retryable: false,
    fix: 'POST …/resume first, then send the specification again.',
  },
  O2O_OPERATION_STATE: {
    status: 409,
    message: 'The federation {federation} is {state}: the operation {kind} cannot begin.',
    retryable: false,
    fix: 'GET the federation: its state and steps say what comes first. docs/operations.md lists the states for each operation.',
  },
  O2O_PUSH_PAUSED: {
    status: 409,
    message: 'The federation {federation} is {state}: nothing is pushed to the SP org.',
    retryable: true,
    fix: 'POST …/resume first. Offboard, suspend and resume work all the same; what was planned or stands in a batch waits.',
  },
  O2O_ROTATION_UNFIT: {
    status: 409,
    message: 'The federation provisions with auth: {auth}: {what} cannot be rolled over.',
    retryable: false,
    fix: 'Use tokenToOauth for a federation with auth: token, clientKey for one with auth: oauth2. An API token is replaced where its reference points, then by the same PUT.',
  },
  O2O_ROTATION_KEY_NAMED: {
    status: 409,
    message: 'The specification names the signing key {kid}: a roll-over would contradict it.',
    retryable: false,
    fix: 'Send the specification with certificate.kid: active, then the roll-over again.',
  },
  O2O_ROTATION_STATE: {
    status: 409,
    message: 'The roll-over {state}: it cannot be told to {order}.',
    retryable: false,
    fix: 'GET …/rotations tells where it stands. What has ended can be rolled over anew.',
  },
  O2O_ROTATION_REVOKED: {
    status: 409,
    message: 'The roll-over was taken back by {by}: {why}',
    retryable: false,
    fix: 'Nothing is to be done: the SP org trusts what it trusted before. A new roll-over takes the key that was made.',
  },
  O2O_CONNECTION_ON: {
    status: 409,
    message: 'The provisioning connection of {org} is on: removing the app would deactivate users in the SP org.',
    retryable: false,
    fix: 'Find out who has turned it on. The same DELETE turns it off first and goes on.',
  },
  O2O_TEARDOWN_USERS: {
    status: 409,
    message: 'The sweep {sweep} has not dealt with every user of the federation: {detail}',
    retryable: false,
    fix: 'GET the sweep and its findings for the reasons. The same DELETE goes on with a new sweep of those who are left.',
  },
  O2O_USER_UNKNOWN_HERE: {
    status: 404,
    message: 'The federation {federation} has no record of this user.',
    retryable: false,
    fix: 'Check the login. Users of whom nothing was ever asked here have no record; ask for their diagnosis instead.',
  },
  O2O_TRANSITION_NOT_FOUND: {
    status: 404,
    message: 'The user has no transition {number}.',
    retryable: false,
    fix: 'GET the user: its transitions are numbered.',
  },
  O2O_TRANSITION_NOT_PLANNED: {
    status: 409,
    message: 'The transition {number} is not planned: it has begun, has ended or was cancelled.',
    retryable: false,
    fix: 'GET the user to see where it stands. What has begun is ended by a contrary transition.',
  },
  O2O_TRANSITION_CONTRADICTS: {
    status: 409,
    message: 'The transition {kind} contradicts {other}, which comes first.',
    retryable: false,
    fix: 'Wait until that transition has ended, then send the command again if it is still wanted.',
  },
  O2O_USER_BUSY: {
    status: 409,
    message: 'The user has {count} transitions in the queue.',
    retryable: true,
    fix: 'Wait until some of them have ended, then send the command again.',
  },
  O2O_PROOF_NOT_FOUND: {
    status: 404,
    message: 'There is no proof that this user was offboarded.',
    retryable: false,
    fix: 'Offboard the user and wait for the end: the proof is made by the last step.',
  },
  O2O_IDP_USER_MISSING: {
    status: 502,
    message: 'The org {org} has no user with this login.',
    retryable: false,
    fix: 'Correct the login, or send the profile of a user who shall be created.',
  },
  O2O_IDP_USER_NOT_ACTIVE: {
    status: 502,
    message: 'The user is {status} in the org {org}.',
    retryable: false,
    fix: 'Activate the user in the IdP org, then send the command again.',
  },
  O2O_PROFILE_INCOMPLETE: {
    status: 502,
    message: 'The profile lacks {missing}, without which the org {org} creates no user.',
    retryable: false,
    fix: 'Add the attributes and send the command again.',
  },
  O2O_CONNECTION_OFF: {
    status: 502,
    message: 'The provisioning connection of the Org2Org app in {org} reads {status}.',
    retryable: false,
    fix: 'Send the same PUT of the federation again: it tests and activates the connection. Then send the command again.',
  },
  O2O_FEATURE_OFF: {
    status: 502,
    message: 'The federation does not push this: {feature} is off in its specification.',
    retryable: false,
    fix: 'Switch it on under provisioning.features, PUT the specification, then send the command again.',
  },
  O2O_SP_USER_NEVER_LINKED: {
    status: 502,
    message: 'The org {org} has a user {id} with this login who must not be linked: {because}.',
    retryable: false,
    fix: "Give the person another login in the IdP org, or have the SP org's administrators take the role or the other identity provider away first.",
  },
  O2O_SP_USER_NOT_FEDERATED: {
    status: 502,
    message: 'The user {id} of the org {org} is not there because of this federation.',
    retryable: false,
    fix: 'Nothing was changed. If this user shall lose access all the same, do it in the console of the SP org.',
  },
  O2O_SP_USER_MISSING: {
    status: 502,
    message: 'The org {org} has no user who belongs to this login.',
    retryable: false,
    fix: 'Onboard the user first; GET the diagnosis if the user should be there.',
  },
  O2O_SP_USER_STATUS: {
    status: 502,
    message: 'The user is {status} in the org {org}, and {kind} needs {wanted}.',
    retryable: false,
    fix: 'Choose the transition that fits the status: resume for SUSPENDED, reactivate or onboard for DEPROVISIONED.',
  },
  O2O_SP_USER_DEACTIVATED_THERE: {
    status: 502,
    message:
      'The user {id} was deactivated in the org {org} itself: the assignment in the IdP org still leads to this user, so Okta pushes nothing.',
    retryable: false,
    fix: 'If the user shall return, send the transition offboard, then onboard (or reactivate): the assignment is taken away and given anew.',
  },
  O2O_NOT_ARRIVED: {
    status: 502,
    message: 'The org {org} does not show what was pushed: {detail}.',
    retryable: false,
    fix: 'Open the Org2Org app in the IdP org: Dashboard > Tasks names the reason. Mend it, retry the task, then send the command again.',
  },
  O2O_OTHER_GROUPS: {
    status: 502,
    message: 'The user still has the Org2Org app in {org} through {groups}.',
    retryable: false,
    fix: 'Take the user out of these groups (or change the rule or directory that fills them), then send the command again.',
  },
  O2O_CHANGED_MEANWHILE: {
    status: 502,
    message: 'The user changed in {org} while the transition was under way: {detail}.',
    retryable: false,
    fix: 'Nothing more was changed. Look at the user in the console, then send the command again.',
  },
  O2O_ROUTE_NOT_FOUND: {
    status: 404,
    message: 'There is nothing at this address.',
    retryable: false,
    fix: 'See /docs for the addresses that exist.',
  },
  O2O_OPERATION_RUNNING: {
    status: 409,
    message: 'A {kind} with another specification is running for this federation.',
    retryable: false,
    fix: 'Wait until it has ended (GET the federation), or answer its gate where it stands at one, then send the command again.',
  },
  O2O_IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    message: 'This Idempotency-Key was used for another command.',
    retryable: false,
    fix: 'Use a new key for a new command.',
  },
  O2O_GATE_NOT_FOUND: {
    status: 404,
    message: 'The federation has no gate {gate}.',
    retryable: false,
    fix: 'GET the federation: its steps list the gates that are open.',
  },
  O2O_GATE_ALREADY_ANSWERED: {
    status: 409,
    message: 'The gate {gate} was already answered by {by}.',
    retryable: false,
    fix: 'Nothing needs to be done; GET the federation for the answer.',
  },
  O2O_GATE_FORBIDDEN: {
    status: 403,
    message: 'The gate {gate} needs the role {role}.',
    retryable: false,
    fix: 'Have someone with that role answer it.',
  },
  O2O_GATE_EXPIRED: {
    status: 410,
    message: 'The gate {gate} expired before it was answered.',
    retryable: false,
    fix: 'Send the same PUT again: the setup goes on where it was and asks anew.',
  },
  O2O_GATE_CHOICE_UNKNOWN: {
    status: 400,
    message: 'The gate {gate} has no choice {choice}.',
    retryable: false,
    fix: 'Answer with one of the choices that the gate lists.',
  },
  O2O_GATE_REFUSED: {
    status: 409,
    message: 'The gate {gate} was answered with {choice}: the setup stops here.',
    retryable: false,
    fix: 'Settle what the answer says, then send the same PUT again.',
  },
  O2O_TEMPORAL_UNAVAILABLE: {
    status: 503,
    message: 'Temporal did not answer in time.',
    retryable: true,
    fix: 'Check the Temporal server and a worker of task queue org2org, then send the request again with the same Idempotency-Key.',
  },
  O2O_NO_WORKER: {
    status: 503,
    message: 'No worker serves the org {org}.',
    retryable: true,
    fix: 'Start a worker whose registry holds the credentials of this org; the operation goes on by itself.',
  },
  O2O_TARGET_APP_NOT_PROVISIONING: {
    status: 502,
    message: 'The target app in {org} does not provision users: {missing} is off.',
    retryable: false,
    fix: "Finish Provisioning > To App of the target app (consent, create, update, deactivate) in the SP org's console, then send the same PUT again; or answer the gate with signOnOnly.",
  },
  O2O_DRIFT_NOT_MENDED: {
    status: 502,
    message: '{field} of {resource} in {org} was not brought back: a look afterwards still shows a difference.',
    retryable: false,
    fix: 'Look for another problem of this check that says why. What no write brings back, such as an object that somebody has replaced, the same PUT of the federation accepts: send it if the change is wanted, else undo it in the console of {org}.',
  },
  O2O_DRIFT_NEEDS_A_PERSON: {
    status: 502,
    message: '{field} of {resource} in {org} is there beyond what was agreed, and nothing takes it away by itself.',
    retryable: false,
    fix: 'The difference itself says under fix what to do in {org}. Then check again.',
  },
  O2O_AGREED_KEY_GONE: {
    status: 502,
    message: 'The Org2Org app in {org} has no valid key with the agreed certificate {thumbprint}.',
    retryable: false,
    fix: 'Find out who has changed the app. To trust the certificate with which it signs now, send the same PUT of the federation.',
  },
  O2O_CHANGES_MEANWHILE: {
    status: 502,
    message: '{resource} in {org} keeps changing while it is set up.',
    retryable: false,
    fix: 'Find out in the System Log who else changes it, then send the same PUT again.',
  },
  O2O_INTERNAL: {
    status: 500,
    message: 'Something failed that should not.',
    retryable: false,
    fix: 'Look up the requestId in the log of the API and report it.',
  },
  O2O_CONFIG_INVALID: {
    status: 500,
    message: 'The configuration {file} is not valid: {detail}',
    retryable: false,
    fix: 'Correct the named field and start again.',
  },
  O2O_SECRET_MISSING: {
    status: 500,
    message: 'The secret {reference} cannot be resolved by the worker of org {org}.',
    retryable: false,
    fix: 'Provide the variable or file to that worker, then send the same PUT again.',
  },
  O2O_SECRET_NOT_ALLOWED: {
    status: 500,
    message: 'The worker of org {org} resolves no {reference} for a specification.',
    retryable: false,
    fix: "Add the reference to specificationSecrets of this org in the worker's registry and restart the worker, or correct the specification; then send the PUT again.",
  },
  O2O_ADDRESS_NOT_ALLOWED: {
    status: 500,
    message:
      'The worker of org {org} gives no token to {address}: its registry does not have it as an address of {sp}.',
    retryable: false,
    fix: "Add the org {sp} with its url, or the address to alsoAt of {sp}, in the worker's registry and restart the worker, or correct org2orgApp.baseUrl; then send the PUT again.",
  },
  O2O_OKTA_UNREACHABLE: {
    status: 502,
    message: 'The org {org} did not answer: {detail}.',
    retryable: true,
    fix: 'Check the org URL in the registry and the network from the worker to it. The operation goes on by itself once the org answers.',
  },
  O2O_OKTA_TIMEOUT: {
    status: 504,
    message: 'The org {org} did not answer {operation} in time.',
    retryable: true,
    fix: 'The operation goes on by itself once the org answers; check status.okta.com if it lasts.',
  },
  O2O_OKTA_SERVER_ERROR: {
    status: 502,
    message: 'The org {org} answered {operation} with status {status}.',
    retryable: true,
    fix: 'The operation goes on by itself once the org has recovered; check status.okta.com if it lasts.',
  },
  O2O_OKTA_READ_ONLY: {
    status: 503,
    message: 'The org {org} is in read-only mode.',
    retryable: true,
    fix: 'Okta ends the mode itself; the operation goes on by itself.',
  },
  O2O_OKTA_RATE_LIMITED: {
    status: 429,
    message: 'The org {org} limits the rate of {operation}.',
    retryable: true,
    fix: "The operation goes on by itself when the limit resets. If it happens often, raise the client's share in Okta or lower ours.",
  },
  O2O_OKTA_ANSWER_INVALID: {
    status: 502,
    message: 'The org {org} answered {operation} with something that cannot be read: {detail}.',
    retryable: true,
    fix: 'Usually a proxy or an outage in between; the operation tries again by itself. If it stays, report the operation and the request id.',
  },
  O2O_OKTA_CREDENTIALS_INVALID: {
    status: 502,
    message: "The org {org} refuses the worker's credentials: {detail}.",
    retryable: false,
    fix: 'Check client id, key id, private key and scopes (or the API token) of this org in the registry, and that the service app or token is active; then send the same PUT again.',
  },
  O2O_OKTA_PERMISSION_MISSING: {
    status: 502,
    message: 'The org {org} forbids {operation}: {detail}.',
    retryable: false,
    fix: 'Grant the scope {scope} to the service app and give it the role that the operation needs (see README), then send the same PUT again.',
  },
  O2O_OKTA_NOT_FOUND: {
    status: 502,
    message: 'The org {org} does not have what {operation} asked for: {detail}.',
    retryable: false,
    fix: 'Someone may have removed the object meanwhile; send the same PUT again to look anew.',
  },
  O2O_OKTA_CONFLICT: {
    status: 502,
    message: 'The org {org} reports a conflict for {operation}: {detail}.',
    retryable: true,
    fix: 'The operation looks again by itself.',
  },
  O2O_OKTA_REFUSED: {
    status: 502,
    message: 'The org {org} refuses {operation}: {detail}.',
    retryable: false,
    fix: 'Mend what Okta names, then send the same PUT again.',
  },
  O2O_READ_BACK_DIFFERS: {
    status: 502,
    message: '{resource} was written in org {org} but reads back differently: {detail}.',
    retryable: true,
    fix: 'The operation tries again by itself; if it stays, something else changes the object in {org}: see its System Log.',
  },
  O2O_ORG2ORG_UNAVAILABLE: {
    status: 502,
    message: 'The org {org} cannot create the app okta_org2org: {detail}.',
    retryable: false,
    fix: "Free developer (Integrator) orgs have no Org2Org app and cannot be the IdP org: use a paid or partner org, or ask Okta's account team to enable it; then send the same PUT again.",
  },
  O2O_TARGET_APP_MISSING: {
    status: 502,
    message: 'The org {org} has no active app {label} to adopt.',
    retryable: false,
    fix: 'Create it in the SP org, correct targetApp.label or targetApp.id, or set targetApp.mode to create; then PUT again.',
  },
  O2O_CERTIFICATE_EXPIRES: {
    status: 502,
    message: 'The signing certificate of the Org2Org app is valid until {expiresAt} only.',
    retryable: false,
    fix: 'Generate a new signing key for the app, or lower certificate.minimumDaysLeft; then PUT again.',
  },
  O2O_SAME_ORG: {
    status: 400,
    message: 'The orgs {idp} and {sp} are the same Okta org ({id}).',
    retryable: false,
    fix: 'Correct the URLs in the org registry: a federation needs two orgs.',
  },
  O2O_GROUP_MISSING: {
    status: 502,
    message: 'The org {org} has no group {group}.',
    retryable: false,
    fix: 'Create the group, or correct assignments.groups; then PUT again.',
  },
  O2O_GROUP_AMBIGUOUS: {
    status: 502,
    message: 'The org {org} has {count} groups {group}, and none of them is a group of Okta itself.',
    retryable: false,
    fix: 'Assign the one that is meant to the Org2Org app in the console of the IdP org, or name a group that exists once; then PUT again.',
  },
  O2O_USER_MISSING: {
    status: 502,
    message: 'A user listed under assignments.users (position {position}) is not in the org {org}.',
    retryable: false,
    fix: 'Create the user, or correct assignments.users; then PUT again.',
  },
  O2O_USER_NOT_PROVISIONED: {
    status: 502,
    message: '{count} assigned user(s) did not arrive in the SP org: {detail}.',
    retryable: false,
    fix: 'Open the Org2Org app in the IdP org: Dashboard > Tasks names the reason per user. Mend it, unassign and assign the user again, then PUT again.',
  },
  O2O_CONNECTION_REFUSED: {
    status: 502,
    message: "The connection's credentials did not pass Okta's test: {detail}.",
    retryable: false,
    fix: 'With oauth2: check that the service client is active with its roles and scopes in the SP org. With token: create a new token with a Super Admin service account, put it where the reference points, then PUT again.',
  },
  O2O_CONNECTION_INACTIVE: {
    status: 502,
    message: 'The provisioning connection of the Org2Org app reads {status} with {authScheme}.',
    retryable: false,
    fix: 'The app does not support provisioning by API in this org: ask Okta to enable it for okta_org2org, then PUT again.',
  },
  O2O_SIGN_ON_FAILED: {
    status: 502,
    message: 'Sign-on does not work: {detail}.',
    retryable: false,
    fix: 'See the failed checks of the step signOn; each names what to mend.',
  },
  O2O_BATCH_FILE_REFUSED: {
    status: 400,
    message: 'The file cannot be read as a batch. Nothing was started.',
    retryable: false,
    fix: 'Correct what stands under `errors` and send the file again.',
  },
  O2O_BATCH_ROWS_REFUSED: {
    status: 400,
    message: '{refused} of {rows} rows are refused. Nothing was started.',
    retryable: false,
    fix: 'Correct the rows under `errors` (the first of them, if they are many) and send the file again, or let bad rows stop only themselves with ?onError=skip.',
  },
  O2O_BATCH_TOO_LARGE: {
    status: 413,
    message: 'The file has more than {limit}. Nothing was started.',
    retryable: false,
    fix: 'Send it in several batches, or raise the limit of the API.',
  },
  O2O_BATCH_NOT_FOUND: {
    status: 404,
    message: 'The federation {federation} has no batch {batch}.',
    retryable: false,
    fix: 'Check the id: GET …/batches lists the batches of a federation.',
  },
  O2O_BATCH_STATE: {
    status: 409,
    message: 'The batch is {state}: it cannot {order}.',
    retryable: false,
    fix: 'GET the batch to see where it stands.',
  },
  O2O_DIAGNOSIS_TOO_SLOW: {
    status: 504,
    message: 'The diagnosis did not end in time.',
    retryable: true,
    fix: 'Ask again. If it stays: check that a worker of task queue org2org and of both orgs runs, and whether the orgs answer.',
  },
  O2O_LOOK_TOO_SLOW: {
    status: 504,
    message: 'The look at both orgs did not end in time.',
    retryable: true,
    fix: 'Ask again. If it stays: check that a worker of task queue org2org and of both orgs runs, and whether the orgs answer.',
  },
  O2O_PAIR_OWNED: {
    status: 409,
    message: '{object} {id} belongs to the federation {owner}.',
    retryable: false,
    fix: 'An Org2Org app and its identity provider belong to one federation: PUT the specification as {owner}, or tear {owner} down first. For a second connection of the same orgs make another Org2Org app, and choose it where the setup asks.',
  },
  O2O_USER_NOWHERE: {
    status: 502,
    message: 'Neither {idp} nor {sp} has a user with this login.',
    retryable: false,
    fix: 'Correct the login. Where it was changed by an update, GET the user: movedTo names the new one.',
  },
  O2O_ROLLOUT_GROUP_MISSING: {
    status: 404,
    message: 'The org {org} has no group {group}.',
    retryable: false,
    fix: 'Correct the name or the id of the group: the name must be exactly as the IdP org shows it.',
  },
  O2O_ROLLOUT_GROUP_AMBIGUOUS: {
    status: 409,
    message: 'The org {org} has {count} groups with this name: {group}.',
    retryable: false,
    fix: 'Send the id of the one that is meant, as { "group": { "id": "00g…" } }.',
  },
  O2O_ROLLOUT_GROUP_EMPTY: {
    status: 502,
    message: 'The group {group} of the org {org} has no members: nothing was assigned.',
    retryable: false,
    fix: 'Put people into the group, then POST the rollout again.',
  },
  O2O_ROLLOUT_GROUP_EMPTIED: {
    status: 502,
    message: 'The group {group} of the org {org} had {count} members and shows none now, in two looks.',
    retryable: false,
    fix: 'Look at the group in the console of the IdP org. If it is meant to be empty there is nothing left to follow; if not, POST the rollout again once its members are back.',
  },
  O2O_ROLLOUT_NOT_FOUND: {
    status: 404,
    message: 'The federation {federation} has no rollout of the group {group}.',
    retryable: false,
    fix: 'Check the id of the group: GET …/rollouts lists the rollouts of a federation.',
  },
  O2O_ROLLOUT_RUNNING: {
    status: 409,
    message: 'Another rollout of this group runs, started by {by}.',
    retryable: false,
    fix: 'Wait until it has ended, or cancel it: a dry run and a rollout of the same group do not run at the same time.',
  },
  O2O_ACCESS_GROUP_UNASSIGNED: {
    status: 502,
    message: 'The access group {group} is not assigned to the target app in the org {org}.',
    retryable: false,
    fix: 'Send the same PUT of the federation again: it assigns the access group to the target app. Then POST the rollout again.',
  },
  O2O_ALARM_NOT_TAKEN: {
    status: 502,
    message: 'The webhook of alarms did not take an event: {detail}.',
    retryable: true,
    fix: 'Look whether what stands at alarms.webhook.url runs and answers with a status of 200 to 299; the event is sent again for a day.',
  },
  O2O_LEDGER_UNAVAILABLE: {
    status: 503,
    message: 'The ledger does not answer.',
    retryable: true,
    fix: 'Look whether its PostgreSQL runs and ORG2ORG_LEDGER names it. Nothing is lost: what waits for it goes on by itself.',
  },
  O2O_ERASURE_PRESENT: {
    status: 409,
    message: 'Nothing was erased: {detail}.',
    retryable: false,
    fix: 'Offboard the user and wait for the end, then ask for the erasure again.',
  },
  O2O_ERASURE_BUSY: {
    status: 409,
    message: 'Nothing was erased: {detail}.',
    retryable: true,
    fix: 'Wait until that has ended, or cancel what is planned, then ask for the erasure again.',
  },
  O2O_SWEEP_NOT_FOUND: {
    status: 404,
    message: 'The federation {federation} has no sweep {sweep}.',
    retryable: false,
    fix: 'GET …/sweeps lists the sweeps of the federation.',
  },
  O2O_SWEEP_RUNNING: {
    status: 409,
    message: 'The sweep {sweep} of this federation runs already.',
    retryable: false,
    fix: 'Wait until it has ended, or cancel it: two sweeps of one federation do not run at the same time.',
  },
  O2O_WORK_RUNNING: {
    status: 409,
    message: 'The {kind} {id} of this federation runs.',
    retryable: false,
    fix: 'Wait until it has ended, or cancel it, then send the command again: a federation ends only once nobody is brought into it any more.',
  },
  O2O_SWEEP_STATE: {
    status: 409,
    message: 'The sweep is {state}: it cannot {order}.',
    retryable: false,
    fix: 'GET the sweep: its state and what it waits for stand there.',
  },
  O2O_SWEEP_OTHER_LIST: {
    status: 409,
    message: 'The list of actions has another digest than the one that was sent.',
    retryable: false,
    fix: 'GET the findings with an action again, read them, and send the digest that stands at the sweep now.',
  },
  O2O_SWEEP_OWN_APPROVAL: {
    status: 403,
    message: 'Who started a sweep cannot approve it.',
    retryable: false,
    fix: 'Have another person with the role approver read the list and approve it.',
  },
  O2O_SWEEP_APPROVAL_EXPIRED: {
    status: 410,
    message: 'Nobody approved the list of the sweep in time.',
    retryable: false,
    fix: 'Start a new sweep: it reads both orgs afresh. Nothing was done.',
  },
  O2O_SWEEP_INCOMPLETE: {
    status: 502,
    message: 'What was read of {org} is not trusted: {detail}',
    retryable: false,
    fix: 'Nothing was done. Mend the cause named here and start the sweep again; if the list has really become so short, raise limits.listShrink.',
  },
  O2O_SWEEP_STOPPED: {
    status: 502,
    message: 'The sweep stopped before the end of its list: {detail}',
    retryable: false,
    fix: 'Look at the findings with the outcome failed and at the transitions of these users, mend the cause, and start a new sweep.',
  },
  O2O_SWEEP_SCHEDULE_NOT_FOUND: {
    status: 404,
    message: 'The federation {federation} has no sweep schedule.',
    retryable: false,
    fix: 'PUT …/sweep-schedule makes one.',
  },
  O2O_SWEEP_SCHEDULE_NEVER: {
    status: 400,
    message: 'The schedule would never fire: {detail}',
    retryable: false,
    fix: 'Name a time that comes: check days, months, the end and the time zone.',
  },
  O2O_NOT_RUN_YET: {
    status: 404,
    message: 'The federation {federation} has had no {kind} yet.',
    retryable: false,
    fix: 'Begin one with POST to the same address.',
  },
  O2O_SCHEDULE_NOT_FOUND: {
    status: 404,
    message: 'The federation {federation} has no schedule for {kind}.',
    retryable: false,
    fix: 'Set one with PUT …/{kind}-schedule.',
  },
  O2O_SCHEDULE_NEVER: {
    status: 400,
    message: 'The schedule would never begin anything: {detail}.',
    retryable: false,
    fix: 'Correct cron and timeZone: five fields, minute, hour, day of month, month, day of week; the schedule before, if there was one, is in force.',
  },
  O2O_HOOK_NOT_CONFIGURED: {
    status: 404,
    message: 'Event hooks of the org {org} are not taken here.',
    retryable: false,
    fix: 'Put eventHook.sha256 under the org in the configuration file of the API, restart the API, and check the name of the org in the address.',
  },
  O2O_HOOK_SECRET_WRONG: {
    status: 401,
    message: 'The event hook does not send a secret that is known for its org.',
    retryable: false,
    fix: "Set the hook's Authorization value in Okta to the secret whose SHA-256 stands in the configuration, or add the SHA-256 of the new secret there.",
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

export function isErrorCode(value: string): value is ErrorCode {
  return Object.hasOwn(catalogue, value);
}

type Values = Readonly<Record<string, string | number>>;

function fill(template: string, values: Values): string {
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}

/** Builds the problem of a catalogue entry; `values` fill the placeholders of message and fix. */
export function problem(code: ErrorCode, values: Values = {}): Problem {
  const entry = catalogue[code];
  return {
    code,
    message: fill(entry.message, values),
    fix: fill(entry.fix, values),
    retryable: entry.retryable,
    org: typeof values.org === 'string' ? values.org : null,
  };
}

/** The one exception that the product throws on purpose. */
export class Org2OrgError extends Error {
  readonly problem: Problem;
  /** When a retryable problem may be tried again, in milliseconds from now; null leaves it to the retry policy. */
  readonly retryAfterMs: number | null;

  constructor(code: ErrorCode, values: Values = {}, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    const described = problem(code, values);
    super(described.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Org2OrgError';
    this.problem = described;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  get code(): ErrorCode {
    return this.problem.code;
  }
}
