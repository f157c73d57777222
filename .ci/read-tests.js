// read-tests.js files RUN.json: the files of that run that failed, one a line.
// read-tests.js told RUN.json [AGAIN.json]: what failed in each run, then how many tests passed and failed in the end.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const say = (line) => process.stdout.write(`${line}\n`);
const [what, ...paths] = process.argv.slice(2);
const runs = paths.map((path) => JSON.parse(readFileSync(path, 'utf8')).testResults);
const hasFailed = ({ status }) => status === 'failed';
const nameOf = ({ name }) => relative(process.cwd(), name);
const firstLine = (text) => (text ?? '').split('\n')[0];

/** Why a file failed, a line for each attempt. */
function whys(file) {
  const tests = file.assertionResults.filter(hasFailed);
  if (tests.length === 0) return [`outside its tests: ${firstLine(file.message)}`];
  return tests.flatMap(({ fullName, failureMessages }) =>
    failureMessages.map((why) => `${fullName}: ${firstLine(why)}`),
  );
}

if (what === 'files') {
  for (const file of runs[0].filter(hasFailed)) say(nameOf(file));
} else {
  for (const [index, files] of runs.entries()) {
    const label = index === runs.length - 1 ? 'failed' : 'failed at first';
    for (const file of files.filter(hasFailed)) for (const why of whys(file)) say(`${label}: ${nameOf(file)}: ${why}`);
  }
  const last = new Map(runs.flat().map((file) => [file.name, file]));
  const tests = [...last.values()].flatMap(({ assertionResults }) => assertionResults);
  const count = (status) => tests.filter((test) => test.status === status).length;
  const outside = [...last.values()].filter((file) => hasFailed(file) && !file.assertionResults.some(hasFailed)).length;
  const skipped = tests.length - count('passed') - count('failed');
  say(`${count('passed')} tests passed, ${count('failed') + outside} failed, ${skipped} skipped`);
}
