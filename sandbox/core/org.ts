import { Background } from './background.js';
import { Clock } from './clock.js';
import { Collection } from './collection.js';
import { DomainEvents } from './events.js';
import { newId } from './ids.js';
import type {
  ApiToken,
  App,
  AppGroup,
  AppUser,
  Connection,
  ConnectionVerdict,
  CustomRole,
  EventHook,
  Grant,
  Group,
  GroupPushMapping,
  GroupRule,
  IdentityProvider,
  IdentityProviderUser,
  Json,
  Policy,
  ProfileMapping,
  ResourceSet,
  RoleAssignment,
  Schema,
  Session,
  SigningKey,
  TrustedKey,
  User,
  UserType,
} from './records.js';
import type { SortedIds } from './sorted-ids.js';
import { SystemLog } from './system-log.js';

export interface OrgOptions {
  /** `idp` or `sp` in the sandbox; becomes the org's subdomain. */
  readonly name: string;
  /** `idx` is an Identity Engine org, `v1` a Classic one. */
  readonly edition?: 'idx' | 'v1';
  /** An integrator org is a free developer org: it has no Org2Org app. */
  readonly plan?: 'enterprise' | 'integrator';
  readonly clock?: Clock;
}

/** What a person switches in the console of the org and no API shows. */
export interface OrgSettings {
  /** Just-in-time creation of users at federated sign-in, for the whole org. */
  jit: boolean;
  /**
   * For replays of recordings, which hold neither credentials nor request headers: connections are verified without a
   * look at their credentials, event hooks without a call, and metadata is XML whatever the caller accepts.
   */
  openConnections: boolean;
  companyName: string;
  /** Most app instances that the org may hold. */
  maxApps: number;
}

/** All state of one Okta org. Rules live in `management/`; this only holds. */
export class Org {
  readonly name: string;
  readonly id = newId('00o');
  readonly edition: 'idx' | 'v1';
  readonly plan: 'enterprise' | 'integrator';
  readonly created: string;
  readonly clock: Clock;
  readonly log: SystemLog;
  readonly background: Background;
  readonly events = new DomainEvents();
  readonly settings: OrgSettings;
  /** Address of the org without trailing slash; set when its server listens. */
  url = '';
  /** Address of the target app without trailing slash; set when it listens. */
  targetAppUrl = '';

  readonly users = new Collection<User>();
  /** Ids of users by login in lower case. */
  readonly userIdsByLogin = new Map<string, string>();
  readonly groups = new Collection<Group>();
  readonly groupIdsByName = new Map<string, string>();
  /** Members by group; the Everyone group is not in here, it holds all users. */
  readonly groupMembers = new Map<string, SortedIds>();
  readonly groupsOfUser = new Map<string, SortedIds>();
  readonly groupRules = new Collection<GroupRule>();
  readonly apps = new Collection<App>();
  readonly appUsers = new Map<string, Collection<AppUser>>();
  readonly appsOfUser = new Map<string, SortedIds>();
  readonly appGroups = new Map<string, Collection<AppGroup>>();
  readonly appsOfGroup = new Map<string, SortedIds>();
  /** Signing keys by app, the oldest first. */
  readonly appKeys = new Map<string, SigningKey[]>();
  readonly identityProviders = new Collection<IdentityProvider>();
  readonly identityProviderKeys = new Collection<TrustedKey>();
  /** The org's own request-signing keys, by identity provider. */
  readonly identityProviderSigningKeys = new Map<string, SigningKey[]>();
  readonly identityProviderUsers = new Map<string, Collection<IdentityProviderUser>>();
  readonly grants = new Collection<Grant>();
  readonly roleAssignments = new Collection<RoleAssignment>();
  readonly customRoles = new Collection<CustomRole>();
  readonly resourceSets = new Collection<ResourceSet>();
  readonly apiTokens = new Collection<ApiToken>();
  readonly policies = new Collection<Policy>();
  readonly connections = new Collection<Connection>();
  /** Capabilities by app and feature name, as `PUT …/features/{name}` leaves them. */
  readonly appFeatures = new Map<string, Map<string, Json>>();
  readonly mappings = new Collection<ProfileMapping>();
  readonly eventHooks = new Collection<EventHook>();
  readonly groupPushMappings = new Map<string, Collection<GroupPushMapping>>();
  readonly userTypes = new Collection<UserType>();
  readonly userSchemas = new Collection<Schema>();
  readonly appSchemas = new Collection<Schema>();
  readonly sessions = new Map<string, Session>();

  /** Id of the group that holds all users. Set when the org is made. */
  everyoneGroupId = '';
  /** Tries a connection's credential in the other org. Absent: every credential passes. */
  verifyConnection?: (app: App, connection: Connection) => Promise<ConnectionVerdict>;
  /** Sends the verification request of an event hook; false: not verified. Absent: every hook passes. */
  verifyEventHook?: (hook: EventHook) => Promise<boolean>;

  constructor(options: OrgOptions) {
    this.name = options.name;
    this.edition = options.edition ?? 'idx';
    this.plan = options.plan ?? 'enterprise';
    this.clock = options.clock ?? new Clock();
    this.created = this.clock.iso();
    this.log = new SystemLog(this.clock);
    this.background = new Background(this.clock);
    this.settings = { jit: true, openConnections: false, companyName: options.name, maxApps: 1000 };
  }
}
