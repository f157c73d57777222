import { type HTMLElement, parse } from 'node-html-parser';
import { scrub } from './scrub.js';

/** A form that a browser would submit at once, without a person. */
export interface AutoSubmitForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** What matters of a page on the way of a sign-on. */
export interface SignOnPage {
  readonly title: string | null;
  readonly form: AutoSubmitForm | null;
  /** Value of the attribute `data-signed-in-as`, with which a page tells who is signed in. */
  readonly signedInAs: string | null;
  readonly asksForPassword: boolean;
  /** The text of the page, shortened, without what looks like a secret or an address. */
  readonly text: string;
}

/** Reads a page; text that is not HTML yields a page with that text. */
export function readPage(html: string): SignOnPage {
  const root = parse(html, { comment: false });
  const title = root.querySelector('title')?.text.trim();
  const submits = /\.submit\s*\(/.test(html);
  const form = submits ? root.querySelectorAll('form').find(hasOnlyHiddenFields) : undefined;
  const signedInAs = root.querySelector('[data-signed-in-as]')?.getAttribute('data-signed-in-as');
  const asksForPassword = root.querySelector('input[type="password"]') !== null;
  for (const element of root.querySelectorAll('script, style, head, noscript')) element.remove();
  const body = root.querySelector('main') ?? root.querySelector('body') ?? root;
  return {
    title: title === undefined || title === '' ? null : scrub(title),
    form: form === undefined ? null : readForm(form),
    signedInAs: signedInAs ?? null,
    asksForPassword,
    text: scrub(body.structuredText).slice(0, 300),
  };
}

function hasOnlyHiddenFields(form: HTMLElement): boolean {
  const types = form.querySelectorAll('input').map((input) => input.getAttribute('type')?.toLowerCase() ?? 'text');
  return (
    form.getAttribute('method')?.toLowerCase() === 'post' &&
    types.includes('hidden') &&
    types.every((type) => type === 'hidden' || type === 'submit')
  );
}

function readForm(form: HTMLElement): AutoSubmitForm {
  const fields = form
    .querySelectorAll('input')
    .map((input): [string, string] => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? ''])
    .filter(([name]) => name !== '');
  return { action: form.getAttribute('action') ?? '', fields: Object.fromEntries(fields) };
}
