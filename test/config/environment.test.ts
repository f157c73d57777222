import { afterEach, describe, expect, test, vi } from 'vitest';
import { readEnvironment } from '../../src/config/environment.js';
import { loadTemporal } from '../../src/config/temporal.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the process's environment", () => {
  test('has defaults for everything, also where a variable is set to nothing', () => {
    expect(readEnvironment({ PORT: '', HOST: '' })).toMatchObject({
      configFile: './org2org.yaml',
      host: '127.0.0.1',
      port: 8080,
      logLevel: 'info',
      metricsAddress: null,
      batchLimits: { rows: 100_000, bytes: 67_108_864 },
      retention: { findingsDays: 365, proofsDays: 2_555, auditDays: 1_095 },
      trustedProxies: [],
    });
  });

  test('is read', () => {
    const variables = {
      ORG2ORG_CONFIG: '/etc/o.yaml',
      HOST: '0.0.0.0',
      PORT: '0',
      LOG_LEVEL: 'debug',
      METRICS_ADDRESS: '127.0.0.1:9464',
      BATCH_MAX_ROWS: '500',
      BATCH_MAX_BYTES: '100000',
      LEDGER_KEEP_AUDIT_DAYS: '30',
      TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    };
    expect(readEnvironment(variables)).toMatchObject({
      configFile: '/etc/o.yaml',
      host: '0.0.0.0',
      port: 0,
      logLevel: 'debug',
      metricsAddress: '127.0.0.1:9464',
      batchLimits: { rows: 500, bytes: 100_000 },
      retention: { auditDays: 30 },
      trustedProxies: ['10.0.0.0/8', '::1'],
    });
  });

  test.each([
    [{ PORT: 'eighty' }, '/PORT'],
    [{ PORT: '70000' }, '/PORT'],
    [{ LOG_LEVEL: 'loud' }, '/LOG_LEVEL'],
    [{ METRICS_ADDRESS: 'anywhere' }, '/METRICS_ADDRESS'],
    [{ BATCH_MAX_ROWS: '0' }, '/BATCH_MAX_ROWS'],
    [{ BATCH_MAX_BYTES: 'many' }, '/BATCH_MAX_BYTES'],
    [{ LEDGER_KEEP_PROOFS_DAYS: '0' }, '/LEDGER_KEEP_PROOFS_DAYS'],
    [{ TRUSTED_PROXIES: 'proxy.example' }, '/TRUSTED_PROXIES'],
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, '/TRUSTED_PROXIES'],
  ])('that is wrong stops the start and names the variable (%j)', (variables, name) => {
    expect(() => readEnvironment(variables)).toThrow(
      expect.objectContaining({ code: 'O2O_CONFIG_INVALID', message: expect.stringContaining(name) }),
    );
  });
});

describe('the settings of Temporal', () => {
  test('come from its own variables', () => {
    vi.stubEnv('TEMPORAL_ADDRESS', 'temporal.example:7233');
    vi.stubEnv('TEMPORAL_NAMESPACE', 'org2org');
    expect(loadTemporal()).toMatchObject({
      connectionOptions: { address: 'temporal.example:7233' },
      namespace: 'org2org',
    });
  });

  test('that cannot be read stop the start', () => {
    vi.stubEnv('TEMPORAL_CONFIG_FILE', '/nowhere/temporal.toml');
    vi.stubEnv('TEMPORAL_PROFILE', 'absent');
    expect(() => loadTemporal()).toThrow(expect.objectContaining({ code: 'O2O_CONFIG_INVALID' }));
  });
});
