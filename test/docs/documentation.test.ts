import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { scopesOf } from '../../demo/service-app.js';
import { OrgRegistryDocument } from '../../src/config/org-registry.js';
import { catalogue } from '../../src/domain/errors.js';
import { FederationSpecDocument } from '../../src/domain/federation-spec.js';
import { startApi } from '../api/api.js';
import { anchorsOf, codeOf, curlRequestsOf, linksOf, type Page, pages, root } from './markdown.js';

const all = pages();
const names = all.map(({ path }) => path);

function page(path: string): Page {
  const found = all.find((one) => one.path === path);
  if (found === undefined) throw new Error(`There is no page ${path}.`);
  return found;
}

const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

describe.each(names)('%s', (path) => {
  it('links to what exists', () => {
    const broken = linksOf(page(path)).filter((target) => {
      const [file = '', anchor] = target.split('#');
      const { pathname } = new URL(file === '' ? (path.split('/').at(-1) ?? '') : file, `file:///${path}`);
      const linked = pathname.slice(1);
      if (!existsSync(new URL(linked, root))) return true;
      return anchor !== undefined && !anchorsOf(page(linked)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')));
    const named = [...page(path).text.matchAll(/\bnpm run (?:-s |--silent )?([\w-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names files and folders that exist', () => {
    const places = codeOf(page(path)).filter((code) =>
      /^(src|sandbox|demo|test|bench|scripts|deploy|docs|\.ci)\/[\w./-]*$/.test(code),
    );
    expect(places.filter((place) => !existsSync(new URL(place, root)))).toEqual([]);
  });

  it('names errors of the catalogue', () => {
    const named = [...page(path).text.matchAll(/\bO2O_[A-Z0-9_]*[A-Z0-9]\b/g)].map(([code]) => code);
    expect(named.filter((code) => !(code in catalogue))).toEqual([]);
  });
});

describe('the environment variables', () => {
  const variable = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

  /** The variables in the first column of the tables under a heading. */
  function documented(path: string, heading: string): string[] {
    const section = page(path).text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
    const cells = [...section.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell);
    const names = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
    return names.filter((name) => variable.test(name));
  }

  const filesIn = (folder: string, end: string) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith(end))
      .map((file) => read(folder + file));
  const source = filesIn('src/', '.ts');
  const readers = [...source, ...filesIn('node_modules/@temporalio/envconfig/lib/', '.js')].join('\n');

  /** The variables that the product reads by their names. */
  function inSource(): string[] {
    const schema =
      /const Variables = z\.object\(\{([\s\S]*?)\n\}\);/.exec(read('src/config/environment.ts'))?.[1] ?? '';
    const elsewhere = /\bprocess\.env\.([A-Z0-9_]+)|^const variable = '([A-Z0-9_]+)'/gm;
    return [
      ...[...schema.matchAll(/^ {2}([A-Z0-9_]+):/gm)].map(([, name = '']) => name),
      ...source.flatMap((text) => [...text.matchAll(elsewhere)].map(([, direct, named]) => direct ?? named ?? '')),
    ];
  }

  it('that the product reads all stand in docs/operations.md', () => {
    const named = documented('docs/operations.md', 'Environment variables');
    expect(inSource()).toEqual(expect.arrayContaining(['ORG2ORG_CONFIG', 'ORG2ORG_PAYLOAD_KEY', 'ORG2ORG_TOKEN']));
    expect(inSource().filter((name) => !named.includes(name))).toEqual([]);
  });

  it.each([
    ['docs/operations.md', 'Environment variables'],
    ['docs/deployment.md', 'Settings of the processes'],
  ])('of %s are known to the product or to Temporal', (path, heading) => {
    const named = documented(path, heading);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !new RegExp(`\\b${name}\\b`).test(readers))).toEqual([]);
  });
});

describe('the routes', () => {
  /** `GET /v1/federations/{id}` for every operation that the API describes, health included. */
  async function routes(): Promise<string[]> {
    const answer = await (await startApi()).inject({ url: '/openapi.json' });
    const { paths } = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) }).parse(answer.json());
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  it('all stand in docs/api.md', async () => {
    const named = codeOf(page('docs/api.md'));
    expect((await routes()).filter((route) => !named.includes(route))).toEqual([]);
  });

  it('of docs/api.md all exist', async () => {
    const existing = await routes();
    const named = codeOf(page('docs/api.md')).filter((code) => /^(GET|PUT|POST|PATCH|DELETE) \//.test(code));
    expect(named.filter((route) => !existing.includes(route))).toEqual([]);
  });

  it('that curl lines ask for exist', async () => {
    const requests = all.flatMap((one) => curlRequestsOf(one));
    expect(requests.length).toBeGreaterThan(5);
    const existing = (await routes()).map((route) => new RegExp(`^${route.replaceAll(/\{\w+\}/g, '[^/]+')}$`));
    expect(requests.filter(({ method, path }) => !existing.some((route) => route.test(`${method} ${path}`)))).toEqual(
      [],
    );
  });
});

describe('the documentation', () => {
  const readme = page('README.md').text;
  const blocks = [...readme.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, block = '']) =>
    z.looseObject({}).parse(parse(block)),
  );

  it.each([
    ['the README', () => blocks.find((block) => 'orgs' in block)],
    ['org2org.example.yaml', () => z.looseObject({}).parse(parse(read('org2org.example.yaml')))],
  ])('shows in %s a configuration that is accepted, with the scopes that the worker needs', (_, configuration) => {
    const orgs = OrgRegistryDocument.parse(configuration()?.orgs);
    const scopes = Object.values(orgs).map(({ auth }) =>
      auth != null && 'privateKey' in auth ? auth.privateKey.scopes : [],
    );
    expect(scopes.map((list) => [...list].sort())).toEqual([[...scopesOf.idp], [...scopesOf.sp]]);
  });

  it.each(['README.md', 'docs/security.md'])(
    'explains in %s each scope that the worker needs, and no other',
    (path) => {
      const table = page(path)
        .text.split('\n')
        .filter((line) => line.startsWith('| `okta.'));
      const explained = table.flatMap((line) => line.split('|')[1]?.match(/okta\.[A-Za-z.]+/g) ?? []);
      expect([...new Set(explained)].sort()).toEqual([...new Set([...scopesOf.idp, ...scopesOf.sp])].sort());
    },
  );

  it('shows in the README specifications that are accepted', () => {
    const whole = blocks.filter((block) => 'idp' in block);
    const part = blocks
      .filter((block) => 'provisioning' in block)
      .map((block) => ({ idp: 'acme', sp: 'partner', ...block }));
    expect(whole.length + part.length).toBeGreaterThan(1);
    for (const document of [...whole, ...part])
      expect(FederationSpecDocument.safeParse(document).error).toBeUndefined();
  });
});

describe('the specification in docs/api.md', () => {
  /** Dotted paths of the fields with defaults, down to the level at which the page explains them. */
  function fields(schema: z.ZodType, path: string[] = []): string[] {
    const inner = unwrapped(schema);
    if (!(inner instanceof z.ZodObject) || path.length === 2) return [path.join('.')];
    return Object.entries(inner.shape).flatMap(([name, field]) =>
      fields(z.instanceof(z.ZodType).parse(field), [...path, name]),
    );
  }

  function unwrapped(schema: z.ZodType): z.ZodType {
    if (schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
      return unwrapped(z.instanceof(z.ZodType).parse(schema.unwrap()));
    }
    return schema;
  }

  it('has every field, and no other', () => {
    const section = page('docs/api.md').text.split('\n### Specification\n')[1]?.split('\n## ')[0] ?? '';
    const cells = [...section.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell);
    const explained = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
    expect(explained.sort()).toEqual(fields(FederationSpecDocument).sort());
  });
});
