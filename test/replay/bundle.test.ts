import { readFile } from 'node:fs/promises';
import { expect, inject, it } from 'vitest';

it('The workflows are bundled in the language that Node runs, without helpers for spreads and fields', async () => {
  const code = await readFile(inject('workflowBundle').codePath, 'utf8');
  expect(code).toContain('deactivationSweep');
  expect(code).not.toMatch(/function _(?:object_spread|define_property|object_without_properties)\b/);
});
