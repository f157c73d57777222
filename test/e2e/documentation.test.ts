import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { pages, root, shellOf } from '../docs/markdown.js';
import { startDemo } from './demo-process.js';

const timeout = 900_000;

/** Sections whose lines a reader pastes while the demo runs, in this order. */
const sections: readonly (readonly [path: string, heading?: string])[] = [
  ['README.md', 'Two commands'],
  ['docs/users.md'],
  ['docs/sweeps.md'],
  ['docs/api.md'],
];

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Lets a setup end before the next lines, as a reader does; an answer that the API turns down ends all. */
const reader = `set -euo pipefail
curl() { command curl --fail-with-body "$@"; }
settled() {
  until command curl -sS "$ORG2ORG_API/v1/federations/partner-to-company" -H "Authorization: Bearer $ORG2ORG_TOKEN" |
    node -e 'process.exit(JSON.parse(require("node:fs").readFileSync(0)).operation.endedAt === null ? 1 : 0)'
  do sleep 0.2; done
}
`;

/** Runs blocks of lines in one bash, in the project's directory; the first that fails ends it. */
function paste(...blocks: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['-c', reader + blocks.join('\nsettled\n')],
      { cwd: fileURLToPath(root), maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout.slice(-4_000) + stderr }),
    );
  });
}

it('shows lines that work as they stand beside a running demo', { timeout }, async () => {
  const { demo, output } = await startDemo();
  const exported = () => output.map((line) => line.trim()).find((line) => line.startsWith('export ORG2ORG_API='));
  await expect.poll(exported, { timeout: 400_000 }).toBeDefined();

  for (const [path, heading] of sections) {
    const page = pages().find((one) => one.path === path);
    const blocks = page === undefined ? [] : shellOf(page, heading);
    expect(blocks.join('\n'), path).toContain('curl');
    const { code, output: printed } = await paste(exported() ?? '', ...blocks);
    expect(code, `${path}: ${printed}`).toBe(0);
  }

  const emmy = '$ORG2ORG_API/v1/federations/partner-to-company/users/emmy@partner.example';
  const asked = `curl -sS "${emmy}" -H "Authorization: Bearer $ORG2ORG_TOKEN"`;
  const told = `node -p 'JSON.parse(require("node:fs").readFileSync(0)).transitions.map((one) => one.kind + " " + one.state).join(", ")'`;
  const { output: life } = await paste(`${exported()}\n${asked} | ${told}`);
  expect(life.trim()).toBe(
    'onboard done, update done, offboard cancelled, suspend done, resume done, offboard done, reactivate done',
  );

  demo.kill('SIGTERM');
  await once(demo, 'exit');
});
