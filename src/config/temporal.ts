import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { Org2OrgError } from '../domain/errors.js';

/** How to reach Temporal; for `Connection.connect`, `NativeConnection.connect`, clients and workers. */
export interface TemporalSettings {
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
  readonly namespace: string;
}

/**
 * Temporal's own settings: `TEMPORAL_…` variables over a profile of `temporal.toml`.
 *
 * @throws Org2OrgError `O2O_CONFIG_INVALID`
 */
export function loadTemporal(): TemporalSettings {
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig();
    return { connectionOptions, namespace: namespace ?? 'default' };
  } catch {
    throw new Org2OrgError('O2O_CONFIG_INVALID', {
      file: 'of Temporal',
      detail: 'a TEMPORAL_… variable, its profile or a file that it names cannot be read',
    });
  }
}
