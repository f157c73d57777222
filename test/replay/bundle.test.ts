import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, inject, it } from 'vitest';

const root = new URL('../../', import.meta.url);

/** Top-level statements that keep what could change: variables, and collections that something is put into later. */
function keptBy(text: string): readonly string[] {
  return text.match(/^(?:export )?(?:let|var) .*|^(?:export )?const .* = (?:new \w+(?:<.*>)?\(\)|\[\]|\{\});$/gm) ?? [];
}

it('The workflows are bundled in the language that Node runs, without helpers for spreads and fields', async () => {
  const code = await readFile(inject('workflowBundle').codePath, 'utf8');
  expect(code).toContain('deactivationSweep');
  expect(code).not.toMatch(/function _(?:object_spread|define_property|object_without_properties)\b/);
});

it('The modules of workflows keep nothing, as every workflow of a worker shares them', async () => {
  const code = await readFile(inject('workflowBundle').codePath, 'utf8');
  const modules = new Set([...code.matchAll(/!\*\*\* \.\/(src\/\S+\.ts) \*\*\*!/g)].map(([, path = '']) => path));
  expect(modules).toContain('src/workflows/user-lifecycle.ts');
  expect(modules).toContain('src/domain/errors.ts');
  for (const path of modules) {
    expect(keptBy(await readFile(fileURLToPath(new URL(path, root)), 'utf8')), path).toEqual([]);
  }
  expect(keptBy('let a = 1;\nconst b = new Map<string, B>();\nconst c = [];\nconst d = [1];\n  let e;')).toHaveLength(
    3,
  );
  expect(code).toMatch(/function preloadModules\(\) \{[^}]*workflows\/stack-traces\.ts[^}]*workflows\/index\.ts/);
});

it('Every workflow is kept from going on at the time of an earlier task', async () => {
  const code = await readFile(inject('workflowBundle').codePath, 'utf8');
  expect(code).toMatch(/function importInterceptors\(\) \{[^}]*workflows\/task-time\.ts/);
  expect(code).toMatch(/function preloadModules\(\) \{[^}]*workflows\/task-time\.ts/);
});
