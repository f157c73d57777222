import type { FastifyInstance } from 'fastify';
import { newId } from '../core/ids.js';
import { link } from '../core/links.js';
import { invalid, notFound, OktaError } from '../core/okta-error.js';
import type { Org } from '../core/org.js';
import type { Json } from '../core/records.js';
import { asObject, asText, type Call, noContent, ok, operation } from '../core/routing.js';
import { hashSecret } from './passwords.js';
import { userOf } from './user-store.js';

const read = 'okta.users.read';
const manage = 'okta.users.manage';
const path = '/api/v1/users/:id/factors';

interface Factor {
  readonly id: string;
  readonly factorType: string;
  readonly provider: string;
  status: 'ACTIVE' | 'PENDING_ACTIVATION';
  readonly created: string;
  lastUpdated: string;
  readonly profile: Json;
  /** Hash of the answer to a security question; null for other factors. */
  readonly answerHash: string | null;
}

/** What of a factor's profile must be sent, and the prefix of its ids. */
const kinds: Readonly<Record<string, { readonly prefix: string; readonly required: readonly string[] }>> = {
  question: { prefix: 'ufs', required: ['question', 'answer'] },
  sms: { prefix: 'sms', required: ['phoneNumber'] },
  call: { prefix: 'clf', required: ['phoneNumber'] },
  email: { prefix: 'emf', required: ['email'] },
  'token:software:totp': { prefix: 'ost', required: [] },
  push: { prefix: 'opf', required: [] },
};

const questions: Readonly<Record<string, string>> = {
  disliked_food: 'What is the food you least liked as a child?',
  name_of_first_plush_toy: 'What is the name of your first stuffed animal?',
  first_award: 'What did you earn your first medal or award for?',
  favorite_security_question: 'What is your favorite security question?',
  favorite_toy: 'What is the toy/stuffed animal you liked the most as a kid?',
  first_computer_game: 'What was the first computer game you played?',
  favorite_movie_quote: 'What is your favorite movie quote?',
  first_sports_team_mascot: 'What was the mascot of the first sports team you played on?',
  first_music_purchase: 'What music album or song did you first purchase?',
  favorite_art_piece: 'What is your favorite piece of art?',
  grandmother_favorite_desert: "What was your grandmother's favorite dessert?",
  first_thing_cooked: 'What was the first thing you learned to cook?',
};

/**
 * Registers the factors that users enroll. Nobody receives the codes that the sandbox would send: a factor becomes
 * active at once with `activate=true`, and every other code is wrong.
 */
export function registerUserFactors(server: FastifyInstance, org: Org): void {
  const enrolled = new Map<string, Factor[]>();
  const userId = (call: Call) => userOf(org, call.params.id ?? '', call.actor).id;
  const factorsOf = (call: Call) => enrolled.get(userId(call)) ?? [];
  const factor = (call: Call): Factor => {
    const found = factorsOf(call).find((entry) => entry.id === call.params.factorId);
    if (found === undefined) throw notFound(call.params.factorId ?? '', 'UserFactor');
    return found;
  };
  const remove = (call: Call, gone: Factor) =>
    enrolled.set(
      userId(call),
      factorsOf(call).filter((entry) => entry !== gone),
    );

  operation(server, org, { id: 'listFactors', method: 'GET', path, scope: read }, (call) =>
    ok(factorsOf(call).map((entry) => factorAnswer(call, userId(call), entry))),
  );
  operation(
    server,
    org,
    { id: 'listSupportedFactors', method: 'GET', path: `${path}/catalog`, scope: read },
    (call) => {
      const enroll = link(org, `/users/${userId(call)}/factors`, 'POST');
      const status = (type: string) =>
        factorsOf(call).find((entry) => entry.factorType === type)?.status ?? 'NOT_SETUP';
      return ok(
        Object.keys(kinds).map((factorType) => ({
          factorType,
          provider: 'OKTA',
          vendorName: 'OKTA',
          _links: { enroll },
          status: status(factorType),
          enrollment: 'OPTIONAL',
        })),
      );
    },
  );
  operation(
    server,
    org,
    { id: 'listSupportedSecurityQuestions', method: 'GET', path: `${path}/questions`, scope: read },
    (call) => {
      userId(call);
      return ok(Object.entries(questions).map(([question, questionText]) => ({ question, questionText })));
    },
  );
  operation(server, org, { id: 'enrollFactor', method: 'POST', path, scope: manage }, (call) => {
    const id = userId(call);
    const added = newFactor(call, asObject(call.body));
    if (factorsOf(call).some((entry) => entry.factorType === added.factorType)) {
      throw invalid('factorEnrollRequest', 'A factor of this type is already set up.');
    }
    enrolled.set(id, [...factorsOf(call), added]);
    return ok(factorAnswer(call, id, added));
  });
  const one = `${path}/:factorId`;
  operation(server, org, { id: 'getFactor', method: 'GET', path: one, scope: read }, (call) =>
    ok(factorAnswer(call, userId(call), factor(call))),
  );
  operation(server, org, { id: 'unenrollFactor', method: 'DELETE', path: one, scope: manage }, (call) => {
    remove(call, factor(call));
    return noContent();
  });
  operation(
    server,
    org,
    { id: 'activateFactor', method: 'POST', path: `${one}/lifecycle/activate`, scope: manage },
    (call) => {
      const found = factor(call);
      if (found.status === 'PENDING_ACTIVATION') throw wrongCode();
      return ok(factorAnswer(call, userId(call), found));
    },
  );
  operation(server, org, { id: 'resendEnrollFactor', method: 'POST', path: `${one}/resend`, scope: manage }, (call) =>
    ok(factorAnswer(call, userId(call), factor(call))),
  );
  operation(server, org, { id: 'verifyFactor', method: 'POST', path: `${one}/verify`, scope: manage }, (call) => {
    const found = factor(call);
    const { answer } = asObject(call.body);
    if (found.answerHash === null || found.answerHash !== hashSecret(String(answer ?? ''))) throw wrongCode();
    return ok({ factorResult: 'SUCCESS' });
  });
  operation(
    server,
    org,
    { id: 'resetFactors', method: 'POST', path: '/api/v1/users/:id/lifecycle/reset_factors', scope: manage },
    (call) => {
      enrolled.delete(userId(call));
      return ok({});
    },
  );
}

function wrongCode(): OktaError {
  return new OktaError('E0000068', '', ["Your answer doesn't match our records. Please try again."]);
}

function newFactor(call: Call, body: Json): Factor {
  const factorType = asText(body.factorType) ?? '';
  const kind = kinds[factorType];
  if (kind === undefined) throw invalid('factorType', 'factorType: The field cannot be left blank');
  const sent = asObject(body.profile);
  for (const name of kind.required) {
    if (asText(sent[name]) === undefined) throw invalid(name, `${name}: The field cannot be left blank`);
  }
  const now = call.org.clock.iso();
  const { answer, ...profile } = sent;
  const text = questions[String(profile.question)];
  return {
    id: newId(kind.prefix),
    factorType,
    provider: asText(body.provider) ?? 'OKTA',
    status: factorType === 'question' || call.query.activate === 'true' ? 'ACTIVE' : 'PENDING_ACTIVATION',
    created: now,
    lastUpdated: now,
    profile: text === undefined ? profile : { ...profile, questionText: text },
    answerHash: factorType === 'question' ? hashSecret(String(answer)) : null,
  };
}

function factorAnswer({ org }: Call, userId: string, factor: Factor): Json {
  const owner = `/users/${userId}`;
  const self = `${owner}/factors/${factor.id}`;
  const pending = factor.status === 'PENDING_ACTIVATION';
  return {
    id: factor.id,
    factorType: factor.factorType,
    provider: factor.provider,
    vendorName: factor.provider,
    status: factor.status,
    created: factor.created,
    lastUpdated: factor.lastUpdated,
    profile: factor.profile,
    _links: {
      ...(factor.factorType === 'question' ? { questions: link(org, `${owner}/factors/questions`, 'GET') } : {}),
      ...(pending ? { activate: link(org, `${self}/lifecycle/activate`, 'POST') } : {}),
      ...(!pending && factor.factorType !== 'question' ? { verify: link(org, `${self}/verify`, 'POST') } : {}),
      self: link(org, self, 'GET', 'DELETE'),
      user: link(org, owner, 'GET'),
    },
  };
}
