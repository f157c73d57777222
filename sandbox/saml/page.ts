import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { escapeMarkup } from './xml.js';

const submitScript = "document.forms['appForm'].submit();";
const scriptHash = createHash('sha256').update(submitScript).digest('base64');
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${scriptHash}'; frame-ancestors 'none'`;

/** Sends an HTML page. `body` is markup: what comes from outside must already be escaped. */
export function sendPage(reply: FastifyReply, status: number, title: string, body: string): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html;charset=utf-8')
    .header('cache-control', 'no-cache, no-store')
    .header('content-security-policy', policy)
    .header('referrer-policy', 'no-referrer')
    .send(
      `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${escapeMarkup(title)}</title>` +
        '<style>body{font:16px system-ui;margin:3rem auto;max-width:40rem}label,li{display:block;margin:.5rem 0}</style>' +
        `</head><body>${body}</body></html>`,
    );
}

/** A page that posts hidden fields to another address as soon as it is open; without scripts there is a button. */
export function sendAutoSubmit(
  reply: FastifyReply,
  action: string,
  fields: Readonly<Record<string, string>>,
): FastifyReply {
  const inputs = Object.entries(fields)
    .map(([name, value]) => `<input name="${escapeMarkup(name)}" type="hidden" value="${escapeMarkup(value)}"/>`)
    .join('');
  return sendPage(
    reply,
    200,
    'Signing in',
    `<form id="appForm" action="${escapeMarkup(action)}" method="POST">${inputs}` +
      '<noscript><p>Scripts are off: press the button once.</p><button type="submit">Continue</button></noscript>' +
      `</form><script>${submitScript}</script>`,
  );
}

/** Sends a page that refuses: a code for programs and a sentence for people. */
export function sendRefusal(reply: FastifyReply, status: number, code: string, sentence: string): FastifyReply {
  const body = `<h1>${escapeMarkup(code)}</h1><p>${escapeMarkup(sentence)}</p>`;
  return sendPage(reply, status, `${status} ${code}`, `<main data-error="${escapeMarkup(code)}">${body}</main>`);
}
