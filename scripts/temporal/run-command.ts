import { execFile } from 'node:child_process';

/** Runs a program to its end; rejects with the last line it wrote, or with why it could not run. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: { cwd: string; timeoutMs: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { cwd: options.cwd, timeout: options.timeoutMs }, (error, stdout, stderr) => {
      if (error === null) return resolve();
      const said = (stderr.trim() || stdout.trim()).split('\n').at(-1);
      const reason = error.killed ? `no end after ${options.timeoutMs / 1000} s` : said || error.message;
      reject(new Error(`${file}: ${reason}`));
    });
  });
}
