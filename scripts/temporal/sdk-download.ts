import { dirname, join } from 'node:path';
import { type Download, projectRoot } from './programs.js';
import { runCommand } from './run-command.js';

/**
 * The SDK's own download, in a process of its own because it claims the process's one Temporal runtime. It starts the
 * server once after fetching it; only the file matters here.
 */
export const sdkDownload: Download = {
  name: 'Temporal SDK',
  async fetch(program, target) {
    await fetch('https://temporal.download/', { method: 'HEAD', signal: AbortSignal.timeout(5_000) }).catch(() => {
      throw new Error('temporal.download cannot be reached');
    });
    const script = join(projectRoot, 'scripts', 'temporal', 'sdk-download-process.ts');
    await runCommand(
      process.execPath,
      ['--import', 'tsx', script, program.name, `v${program.version}`, dirname(target)],
      {
        cwd: projectRoot,
        timeoutMs: 300_000,
      },
    );
  },
};
