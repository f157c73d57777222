import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { ApiClient } from '../src/cli/api-client.js';
import { BatchesClient } from '../src/cli/batches-client.js';
import { SweepsClient } from '../src/cli/sweeps-client.js';
import { terminalPaint } from '../src/cli/terminal.js';
import { UsersClient } from '../src/cli/users-client.js';
import { tellBatch } from './batch-story.js';
import { Closing } from './closing.js';
import { oktaCalls, writesIn } from './okta-calls.js';
import { joiner, testUser } from './people.js';
import { type Report, report } from './report.js';
import { applyAndTell } from './setup-story.js';
import { openStage, orgNames, type Stage } from './stage.js';
import { federationId } from './storyteller.js';
import { tellSweeps } from './sweep-story.js';
import { tellUsers } from './user-story.js';

const { values } = parseArgs({
  options: { exit: { type: 'boolean', default: false }, report: { type: 'string' } },
});
const paint = terminalPaint(process.stdout);
const say = (text: string) => process.stdout.write(`${text}\n`);
const headline = (text: string) => say(`\n${paint('strong', text)}`);

async function tellStory(stage: Stage): Promise<Report> {
  const { sandbox } = stage;
  const access = { url: stage.apiUrl, token: stage.operatorToken };
  const storyteller = {
    api: new ApiClient(access),
    users: new UsersClient(access, federationId),
    batches: new BatchesClient(access, federationId),
    sweeps: new SweepsClient(access, federationId),
    approver: new SweepsClient({ ...access, token: stage.approverToken }, federationId),
    sandbox,
    say,
    headline,
    paint,
  };

  headline(`PUT /v1/federations/${federationId}: ${orgNames.idp} → ${orgNames.sp}`);
  const first = await applyAndTell(storyteller);
  const firstCalls = oktaCalls(sandbox, orgNames);

  sandbox.requests.clear();
  headline('The same PUT again');
  const second = await applyAndTell({ ...storyteller, say: () => undefined });
  const secondCalls = oktaCalls(sandbox, orgNames);
  say(`${writesIn(secondCalls)} writing calls in either org`);

  const users = await tellUsers(storyteller);
  const batch = await tellBatch(storyteller);
  const sweeps = await tellSweeps(storyteller);

  const { links } = await storyteller.users.get(joiner.login);
  const urls = {
    temporalUi: first.answer.links.temporal ?? stage.temporalUiUrl ?? '',
    user: links.temporal ?? `${stage.apiUrl}${links.self}`,
    apiDocs: `${stage.apiUrl}/docs`,
    api: `${stage.apiUrl}${first.answer.links.self}`,
    idpOrg: sandbox.idp.url,
    spOrg: sandbox.sp.url,
    targetApp: sandbox.targetApp.url,
    sandboxControl: sandbox.control.url,
  };
  return report({ first, firstCalls, second, secondCalls, users, batch, sweeps, urls });
}

function summarize(
  stage: Stage,
  { ok, failures, seconds, users, sweeps, checks, oktaCalls: calls, urls }: Report,
): void {
  headline('Sign-on end to end');
  for (const check of checks.filter(({ name }) => name.startsWith('sign'))) {
    say(`${check.result === 'passed' ? paint('good', '✓') : paint('bad', '✗')} ${check.statement} (${check.detail})`);
  }
  headline(
    ok
      ? paint(
          'good',
          `Every step held: the setup in ${seconds} s, the users in ${users.seconds} s, the sweeps in ${sweeps.seconds} s`,
        )
      : paint('bad', 'Not every step held'),
  );
  for (const failure of failures) say(`  ${failure}`);
  for (const [org, { reads, writes }] of Object.entries(calls))
    say(`  Calls of the setup to ${org}: ${reads} reading, ${writes} writing`);
  headline('To look at');
  for (const [name, url] of Object.entries(urls)) say(`  ${name.padEnd(16)}${url}`);
  if (values.exit) return;
  say(`  sign on as      ${testUser.login}, password in ${join(stage.directory, 'test-user-password')}`);
  headline('For curl and npm run org2org, in another terminal');
  const token = (person: string) => `"$(cat ${join(stage.directory, `${person}-token`)})"`;
  say(
    `  export ORG2ORG_API=${stage.apiUrl} ORG2ORG_TOKEN=${token('operator')} ORG2ORG_APPROVER_TOKEN=${token('approver')}`,
  );
  say('\nCtrl-C ends everything.');
}

async function main(): Promise<number> {
  headline('org2org demo');
  const stage = await openStage(closing, (text) => say(paint('quiet', `  ${text}`)));
  const seen = await tellStory(stage);
  if (values.report !== undefined) await writeFile(values.report, `${JSON.stringify(seen, null, 2)}\n`);
  summarize(stage, seen);
  return seen.ok ? 0 : 1;
}

const closing = new Closing();
closeWithGrace({ delay: 60_000 }, async ({ err }) => {
  if (err !== undefined) process.stderr.write(`${paint('bad', err.message)}\n`);
  await closing.close();
});

try {
  const exitCode = await main();
  if (values.exit) {
    await closing.close();
    process.exit(exitCode);
  }
} catch (error) {
  process.stderr.write(`${paint('bad', error instanceof Error ? error.message : String(error))}\n`);
  await closing.close();
  process.exit(1);
}
