import type { FastifyInstance } from 'fastify';
import { newId } from '../core/ids.js';
import { invalid, notFound } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json } from '../core/records.js';
import { asObject, asText, type Call, created, noContent, ok, operation } from '../core/routing.js';
import { appOf } from './apps.js';

const read = 'okta.apps.read';
const manage = 'okta.apps.manage';

/** Registers what apps claim about users to others, and which apps may act for which. */
export function registerAppTrust(server: FastifyInstance, org: Org): void {
  registerFederatedClaims(server, org);
  registerCrossAppAccess(server, org);
}

interface FederatedClaim {
  readonly id: string;
  readonly appId: string;
  name: string;
  expression: string;
  readonly created: string;
  lastUpdated: string;
}

function registerFederatedClaims(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/apps/:appId/federated-claims';
  const claims = new Map<string, FederatedClaim>();
  const appId = (call: Call) => appOf(org, call.params.appId ?? '').id;
  const claim = (call: Call): FederatedClaim => {
    const found = claims.get(call.params.claimId ?? '');
    if (found?.appId !== appId(call)) throw notFound(call.params.claimId ?? '', 'FederatedClaim');
    return found;
  };
  const sent = (call: Call) => {
    const { name, expression } = asObject(call.body);
    if (typeof name !== 'string' || name === '') throw invalid('name', 'name: The field cannot be left blank');
    if (typeof expression !== 'string' || expression === '')
      throw invalid('expression', 'expression: The field cannot be left blank');
    return { name, expression };
  };
  const answer = ({ appId: _owner, ...rest }: FederatedClaim): Json => rest;

  operation(server, org, { id: 'listFederatedClaims', method: 'GET', path, scope: read }, (call) => {
    const owner = appId(call);
    return ok([...claims.values()].filter((entry) => entry.appId === owner).map(answer));
  });
  operation(server, org, { id: 'createFederatedClaim', method: 'POST', path, scope: manage }, (call) => {
    const now = org.clock.iso();
    const added = { id: newId('ofc'), appId: appId(call), ...sent(call), created: now, lastUpdated: now };
    claims.set(added.id, added);
    return created(answer(added));
  });
  const one = `${path}/:claimId`;
  operation(server, org, { id: 'getFederatedClaim', method: 'GET', path: one, scope: read }, (call) =>
    ok(answer(claim(call))),
  );
  operation(server, org, { id: 'replaceFederatedClaim', method: 'PUT', path: one, scope: manage }, (call) => {
    const found = Object.assign(claim(call), sent(call), { lastUpdated: org.clock.iso() });
    return created(answer(found));
  });
  operation(server, org, { id: 'deleteFederatedClaim', method: 'DELETE', path: one, scope: manage }, (call) => {
    claims.delete(claim(call).id);
    return noContent();
  });
}

interface CrossAppConnection {
  readonly id: string;
  readonly requestingAppInstanceId: string;
  readonly resourceAppInstanceId: string;
  status: 'ACTIVE' | 'INACTIVE';
  readonly created: string;
  lastUpdated: string;
}

function registerCrossAppAccess(server: FastifyInstance, org: Org): void {
  const path = '/api/v1/apps/:appId/cwo/connections';
  const connections = new Map<string, CrossAppConnection>();
  const ofApp = (call: Call): CrossAppConnection[] => {
    const { id } = appOf(org, call.params.appId ?? '');
    return [...connections.values()].filter(
      (entry) => entry.requestingAppInstanceId === id || entry.resourceAppInstanceId === id,
    );
  };
  const connection = (call: Call): CrossAppConnection => {
    const found = ofApp(call).find((entry) => entry.id === call.params.connectionId);
    if (found === undefined) throw notFound(call.params.connectionId ?? '', 'CrossAppAccessConnection');
    return found;
  };
  const statusOf = (call: Call): 'ACTIVE' | 'INACTIVE' => {
    const { status = 'ACTIVE' } = asObject(call.body);
    if (status !== 'ACTIVE' && status !== 'INACTIVE') throw invalid('status', 'status: The value is not a status.');
    return status;
  };

  operation(server, org, { id: 'getAllCrossAppAccessConnections', method: 'GET', path, scope: read }, (call) =>
    ok(ofApp(call)),
  );
  operation(server, org, { id: 'createCrossAppAccessConnection', method: 'POST', path, scope: manage }, (call) => {
    const body = asObject(call.body);
    const now = org.clock.iso();
    const added: CrossAppConnection = {
      id: newId('cwo'),
      requestingAppInstanceId: appOf(org, asText(body.requestingAppInstanceId) ?? '').id,
      resourceAppInstanceId: appOf(org, asText(body.resourceAppInstanceId) ?? '').id,
      status: statusOf(call),
      created: now,
      lastUpdated: now,
    };
    connections.set(added.id, added);
    return created(added);
  });
  const one = `${path}/:connectionId`;
  operation(server, org, { id: 'getCrossAppAccessConnection', method: 'GET', path: one, scope: read }, (call) =>
    ok(connection(call)),
  );
  operation(server, org, { id: 'updateCrossAppAccessConnection', method: 'PATCH', path: one, scope: manage }, (call) =>
    ok(Object.assign(connection(call), { status: statusOf(call), lastUpdated: org.clock.iso() })),
  );
  operation(
    server,
    org,
    { id: 'deleteCrossAppAccessConnection', method: 'DELETE', path: one, scope: manage },
    (call) => {
      connections.delete(connection(call).id);
      return noContent();
    },
  );
}
