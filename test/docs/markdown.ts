import { readdirSync, readFileSync } from 'node:fs';

/** The project's directory. */
export const root = new URL('../../', import.meta.url);

/** One page of the documentation. */
export interface Page {
  /** Relative to the project. */
  readonly path: string;
  readonly text: string;
}

/** Every Markdown page of the project: those at the top and those under docs/. */
export function pages(): Page[] {
  const markdownIn = (folder: string) =>
    readdirSync(new URL(folder, root))
      .filter((name) => name.endsWith('.md'))
      .map((name) => ({ path: folder + name, text: readFileSync(new URL(folder + name, root), 'utf8') }));
  return [...markdownIn('./'), ...markdownIn('docs/')].map(({ path, text }) => ({
    path: path.replace(/^\.\//, ''),
    text,
  }));
}

const codeBlock = /^```[^\n]*\n[\s\S]*?^```/gm;

/** Targets of the links and pictures of a page, without those to other sites. */
export function linksOf({ text }: Page): string[] {
  return [...text.replaceAll(codeBlock, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Anchors of the headings of a page, as the usual viewers of Markdown make them. */
export function anchorsOf({ text }: Page): string[] {
  return [...text.replaceAll(codeBlock, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Texts in backquotes outside of code blocks. */
export function codeOf({ text }: Page): string[] {
  return [...text.replaceAll(codeBlock, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** Requests of the curl lines against the API: method and path, without the query. */
export function curlRequestsOf({ text }: Page): { method: string; path: string }[] {
  const commands = text.replaceAll('\\\n', ' ').matchAll(/\bcurl\b[^\n]*\$ORG2ORG_API(\/[^\s"'?]*)[^\n]*/g);
  return [...commands].map(([command, path = '']) => ({ method: / -X ([A-Z]+)/.exec(command)?.[1] ?? 'GET', path }));
}

/** The blocks of shell lines of a page, or of its section under a heading, as a reader pastes them. */
export function shellOf({ path, text }: Page, heading?: string): string[] {
  const section = heading === undefined ? text : text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0];
  if (section === undefined) throw new Error(`${path} has no section ${heading}.`);
  return [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
}
