import { readdirSync, readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);

interface Rule {
  /** What may be imported with its values; a folder of `src`, or one file of it. */
  readonly values: readonly string[];
  /** What may be imported by `import type` only. */
  readonly types: readonly string[];
  /** The only packages whose values may be imported; any package where absent. */
  readonly packages?: readonly string[];
}

const everything = [
  'domain',
  'okta',
  'activities',
  'commands',
  'workflows',
  'ledger',
  'codec',
  'config',
  'api',
  'worker',
  'cli',
];

/** Imports point one way. Each folder may import from itself, and from what is listed. */
const rules: Readonly<Record<string, Rule>> = {
  domain: { values: [], types: [] },
  config: { values: ['domain'], types: [] },
  codec: { values: ['config', 'domain'], types: [] },
  okta: { values: ['domain'], types: ['config'] },
  ledger: { values: ['domain'], types: ['config'] },
  commands: { values: ['workflows/messages.ts', 'workflows/user-record.ts', 'ledger', 'domain'], types: ['workflows'] },
  activities: { values: ['okta', 'commands', 'ledger', 'domain'], types: ['config'] },
  workflows: {
    values: ['domain/errors.ts'],
    types: ['domain', 'activities'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  api: { values: everything, types: [] },
  worker: { values: everything, types: [] },
  cli: { values: everything, types: [] },
};

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string, source: string): Import[] {
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed`);
  const imports = module.staticImports.map(({ moduleRequest, entries }) => ({
    from: moduleRequest.value,
    typeOnly: entries.length > 0 && entries.every((entry) => entry.isType),
  }));
  const exports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [{ from: moduleRequest.value, typeOnly: isType }] : [],
    ),
  );
  const dynamic = module.dynamicImports.map(({ moduleRequest }) => ({
    from: source.slice(moduleRequest.start + 1, moduleRequest.end - 1),
    typeOnly: false,
  }));
  return [...imports, ...exports, ...dynamic];
}

const covers = (allowed: readonly string[], target: string) =>
  allowed.some((entry) => target === entry || target.startsWith(`${entry}/`));

/** Why an import in a file of `src` breaks the rules of its folder; null if it does not. */
function breach(file: string, { from, typeOnly }: Import): string | null {
  const folder = file.split('/')[0] ?? '';
  const rule = rules[folder];
  if (rule === undefined) return `src/${folder} has no import rule`;
  if (!from.startsWith('.')) {
    const isFree = typeOnly || rule.packages === undefined || covers(rule.packages, from);
    return isFree ? null : `src/${file} imports the package ${from}`;
  }
  const { pathname } = new URL(from, `file:///src/${file}`);
  const target = pathname.replace(/^\/src\//, '').replace(/\.js$/, '.ts');
  if (covers([folder, ...rule.values], target)) return null;
  if (typeOnly && covers(rule.types, target)) return null;
  return `src/${file} imports ${typeOnly ? 'types' : 'values'} of ${pathname.slice(1)}`;
}

const breaches = (file: string, source: string) =>
  importsOf(file, source).flatMap((found) => breach(file, found) ?? []);

const sourceFiles = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

describe('imports point one way', () => {
  it.each(sourceFiles)('in src/%s', (file) => {
    expect(breaches(file, readFileSync(new URL(`src/${file}`, root), 'utf8'))).toEqual([]);
  });

  it.each([
    ['domain/x.ts', "import { a } from '../okta/a.js';"],
    ['domain/x.ts', "export type { A } from '../okta/a.js';"],
    ['okta/x.ts', "import { resolveSecret } from '../config/secrets.js';"],
    ['activities/x.ts', "await import('../workflows/a.js');"],
    ['workflows/x.ts', "import { createOrgActivities } from '../activities/index.js';"],
    ['workflows/x.ts', "import type { A, } from '../okta/a.js';"],
    ['workflows/x.ts', "import 'node:crypto';"],
    ['workflows/deep/x.ts', "import { z } from 'zod';"],
    ['worker/x.ts', "import { startTemporal } from '../../scripts/temporal/start-temporal.js';"],
    ['api/routes/x.ts', "export * from '../../../sandbox/a.js';"],
    ['common/x.ts', "import { a } from './a.js';"],
  ])('and a breach in %s is seen: %s', (file, source) => {
    expect(breaches(file, source)).toHaveLength(1);
  });

  it.each([
    ['workflows/x.ts', "import type { A } from '../activities/a.js'; import { b } from './b.js';"],
    ['workflows/x.ts', "import { type A, type B } from '../domain/a.js';"],
    ['activities/x.ts', "import { a } from '../okta/a.js'; import { b } from '../domain/b.js';"],
    ['api/routes/x.ts', "import { z } from 'zod'; import { a } from '../../workflows/a.js';"],
  ])('while what is allowed in %s passes: %s', (file, source) => {
    expect(breaches(file, source)).toEqual([]);
  });
});
