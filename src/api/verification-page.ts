import type { Check } from '../domain/check.js';
import type { VerificationAnswer } from './schemas/verification.js';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it may stand in a page, whatever is in it. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

const style = `
  body { font: 11pt/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }
  h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem }
  table { border-collapse: collapse; width: 100% }
  th, td { border-bottom: 1px solid #ccc; padding: .35rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
  tr { break-inside: avoid } td:first-child { width: 5.5rem; font-weight: 600 }
  .passed { color: #0a6b2d } .failed { color: #b00020 } .unknown { color: #7a5a00 }
  .evidence { color: #555; font-size: .85em } .fix { font-style: italic }
  @media print { body { margin: 0; max-width: none } h2 { break-after: avoid } }`;

function evidence({ evidence: entries }: Check): string {
  const last = entries.at(-1);
  if (last === undefined) return '';
  const request = last.requestId === null ? '' : `, request ${last.requestId}`;
  const more = entries.length === 1 ? '' : ` and ${entries.length - 1} read(s) before it`;
  return `<div class="evidence">${escaped(`${last.org} ${last.operation}: status ${last.status} at ${last.at}${request}${more}`)}</div>`;
}

function row(check: Check): string {
  const { result, statement, detail, fix } = check;
  const mend = fix === null ? '' : `<div class="fix">Fix: ${escaped(fix)}</div>`;
  return `<tr><td class="${result}">${result}</td><td>${escaped(statement)}<div>${escaped(detail)}</div>${mend}${evidence(check)}</td></tr>`;
}

function section(title: string, checks: readonly Check[]): string {
  if (checks.length === 0) return '';
  return `<h2>${escaped(title)}</h2><table><tbody>${checks.map(row).join('\n')}</tbody></table>`;
}

function verdict({ result, live }: VerificationAnswer): string {
  const since =
    live === null
      ? 'It is not live.'
      : `It is live since ${live.since}, by ${live.by}${live.why === null ? '' : `: ${live.why}`}.`;
  const shown = result ?? 'running';
  return `<p>Result: <strong class="${result ?? 'unknown'}">${shown}</strong>. ${escaped(since)}</p>`;
}

/** A verification as one page that prints well: no scripts, nothing from elsewhere. */
export function verificationPage(report: VerificationAnswer): string {
  const { federation, startedAt, startedBy, endedAt, workflowId, problems } = report;
  const title = `Verification of the federation ${federation}`;
  const times = `Started ${startedAt} by ${startedBy}, ${endedAt === null ? 'still running' : `ended ${endedAt}`}. Workflow ${workflowId}.`;
  const stopped = problems.map(
    ({ message, fix }) => `<li>${escaped(message)} <span class="fix">Fix: ${escaped(fix)}</span></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style></head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(times)}</p>
${verdict(report)}
${stopped.length === 0 ? '' : `<h2>What could not be carried out</h2><ul>${stopped.join('\n')}</ul>`}
${section("The guide's checklist", report.checklist)}
${section('Key points', report.keyPoints)}
${section('Configuration', report.configuration)}
${section('The canary', report.canary)}
</body>
</html>
`;
}
