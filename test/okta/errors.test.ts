import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/domain/errors.js';
import { errorOfAnswer } from '../../src/okta/errors.js';

const request = { org: 'acme', operation: 'replaceApplication' };

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: new Headers({ 'x-okta-request-id': 'req-1', ...headers }), text };
}

function okta(errorCode: string, errorSummary = 'Summary', causes: readonly string[] = []) {
  return {
    errorCode,
    errorSummary,
    errorLink: errorCode,
    errorId: 'oae',
    errorCauses: causes.map((cause) => ({ errorSummary: cause })),
  };
}

describe('an answer that is no success becomes', () => {
  test.each([
    [400, okta('E0000001'), 'O2O_OKTA_REFUSED'],
    [400, okta('E0000003'), 'O2O_OKTA_REFUSED'],
    [400, { error: 'invalid_client_metadata', error_description: 'No' }, 'O2O_OKTA_REFUSED'],
    [401, okta('E0000011'), 'O2O_OKTA_CREDENTIALS_INVALID'],
    [401, okta('E0000015'), 'O2O_OKTA_REFUSED'],
    [403, okta('E0000006'), 'O2O_OKTA_PERMISSION_MISSING'],
    [403, okta('E0000038'), 'O2O_OKTA_REFUSED'],
    [403, okta('E0000023'), 'O2O_OKTA_REFUSED'],
    [404, okta('E0000007'), 'O2O_OKTA_NOT_FOUND'],
    [409, okta('E0000096'), 'O2O_OKTA_CONFLICT'],
    [409, okta('E0000112'), 'O2O_OKTA_CONFLICT'],
    [412, okta('E0000001'), 'O2O_OKTA_REFUSED'],
    [429, okta('E0000047'), 'O2O_OKTA_RATE_LIMITED'],
    [429, 'Too many requests', 'O2O_OKTA_RATE_LIMITED'],
    [500, okta('E0000009'), 'O2O_OKTA_SERVER_ERROR'],
    [502, '<html>Bad gateway</html>', 'O2O_OKTA_SERVER_ERROR'],
    [503, okta('E0000010'), 'O2O_OKTA_READ_ONLY'],
    [503, '', 'O2O_OKTA_SERVER_ERROR'],
    [403, '<html>Blocked by a gateway</html>', 'O2O_OKTA_ANSWER_INVALID'],
    [404, '<html>Not found</html>', 'O2O_OKTA_ANSWER_INVALID'],
    [404, '"text"', 'O2O_OKTA_ANSWER_INVALID'],
    [302, '', 'O2O_OKTA_ANSWER_INVALID'],
  ])('%i %j: %s', (status, body, code) => {
    const error = errorOfAnswer(request, answer(status, body));
    expect({ code: error.code, status: error.status }).toEqual({ code, status });
    expect(error.problem.retryable).toBe(catalogue[error.code].retryable);
    expect(error.problem.org).toBe('acme');
  });

  test("an error that carries Okta's code, summary, causes and request id for whoever has to decide", () => {
    const error = errorOfAnswer(
      request,
      answer(400, okta('E0000001', 'Api validation failed: name', ['name: exists'])),
    );
    expect(error).toMatchObject({ errorCode: 'E0000001', causes: ['name: exists'], requestId: 'req-1' });
    expect(error.message).toContain('E0000001 Api validation failed: name (name: exists)');
  });

  test('an error that has no cause where Okta writes none, as in some of its real answers', () => {
    const body = { errorCode: 'E0000001', errorSummary: 'Provisioning is not supported.', errorCauses: 'none' };
    expect(errorOfAnswer(request, answer(400, body))).toMatchObject({ errorCode: 'E0000001', causes: [] });
  });

  test('a missing permission that names the scope to grant and whether it is the scope', () => {
    const challenge = 'Bearer error="insufficient_scope", error_description="The access token lacks scopes"';
    const error = errorOfAnswer(request, answer(403, okta('E0000006'), { 'www-authenticate': challenge }));
    expect(error.problem.fix).toContain('okta.apps.manage');
    expect(error.message).toContain('lacks the scope');
  });

  test('an error of the catalogue, whatever status and text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.oneof(fc.string(), fc.json()), (status, text) => {
        const error = errorOfAnswer(request, answer(status, text));
        expect(error.code in catalogue).toBe(true);
        expect(error.message).not.toMatch(/\{\w+\}/);
      }),
    );
  });
});
