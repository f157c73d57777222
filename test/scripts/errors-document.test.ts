import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { errorsDocument } from '../../scripts/errors-document.js';

it('docs/errors.md lists the catalogue as it is', async () => {
  expect(await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8')).toBe(errorsDocument());
});
