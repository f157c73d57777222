import { describe, expect, it } from 'vitest';
import { RequestLog } from '../../../sandbox/control/request-log.js';

const request = {
  org: 'idp',
  operation: 'listUsers',
  method: 'GET',
  path: '/api/v1/users',
  from: 'client',
  write: false,
} as const;

describe('request log', () => {
  it('shows what was asked for, oldest first', () => {
    const log = new RequestLog();
    log.begin(request);
    log.begin({ ...request, org: 'sp', operation: 'createUser', method: 'POST', write: true });
    log.begin({ ...request, org: 'sp', from: 'provisioning' });
    expect(log.list({ org: 'sp' }).map((entry) => entry.operation)).toEqual(['createUser', 'listUsers']);
    expect(log.list({ write: true })).toHaveLength(1);
    expect(log.list({ from: 'client' })).toHaveLength(2);
    log.clear();
    expect(log.list()).toEqual([]);
  });

  it('masks values that sign somebody in', () => {
    const log = new RequestLog();
    const path = '/login/sessionCookieRedirect?token=20111secret&redirectUrl=x&sessionToken=other';
    expect(log.begin({ ...request, path }).path).toBe(
      '/login/sessionCookieRedirect?token=***&redirectUrl=x&sessionToken=***',
    );
  });
});
