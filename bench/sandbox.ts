import { setTimeout as wait } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../sandbox/sandbox.js';
import { type BenchFigure, type BenchResult, below, machine, reported } from './result.js';

const users = 100_000;
const samples = 50;

/** How fast the sandbox starts, takes 100,000 users per org and serves pages of them, and what that costs in memory. */
export async function run(): Promise<BenchResult> {
  const begun = performance.now();
  const sandbox = await startSandbox({ rateLimits: { factor: 100_000 } });
  const started = performance.now() - begun;
  try {
    const empty = await residentMegabytes();
    const seeded = await seedBoth(sandbox);
    const full = await residentMegabytes();
    const figures: BenchFigure[] = [
      below('start', started, 5_000, 'ms', 'both orgs, target app and control server'),
      below('seed', seeded / 1_000, 20, 's', `${users} users in each of the two orgs, all in one group`),
      ...(await pageFigures(sandbox)),
      below('memory', full, 1_024, 'MB', 'resident set of the process after seeding, benchmark included'),
      reported('memory per user', ((full - empty) * 1024) / (2 * users), 'KB', 'growth by seeding, over 2 orgs'),
    ];
    return { name: 'sandbox', machine: machine(), figures };
  } finally {
    await sandbox.stop();
  }
}

async function seedBoth(sandbox: Sandbox): Promise<number> {
  const begun = performance.now();
  for (const org of ['idp', 'sp'] as const) {
    const answer = await fetch(`${sandbox.control.url}/seed`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ org, manyUsers: { count: users, domain: `${org}.example`, groups: ['Staff'] } }),
    });
    if (!answer.ok) throw new Error(`Seeding the org ${org}: ${answer.status} ${await answer.text()}`);
  }
  return performance.now() - begun;
}

async function pageFigures(sandbox: Sandbox): Promise<BenchFigure[]> {
  const { org } = sandbox.idp;
  const group = org.groups.find((entry) => entry.profile.name === 'Staff');
  const middle = org.users.all()[Math.floor(users / 2)]?.id ?? '';
  const searched = encodeURIComponent('profile.lastName eq "99999"');
  const pages: [string, string, number][] = [
    ['page of 200 users, first', '/api/v1/users?limit=200', 20],
    ['page of 200 users, in the middle', `/api/v1/users?limit=200&after=${middle}`, 20],
    ['page of 200 users of a group', `/api/v1/groups/${group?.id}/users?limit=200`, 20],
    ['one user by id', `/api/v1/users/${middle}`, 10],
    ['one user by login', '/api/v1/users/user99999@idp.example', 10],
    ['search that reads all users', `/api/v1/users?search=${searched}`, 500],
  ];
  const figures: BenchFigure[] = [];
  for (const [name, path, limit] of pages) {
    const times = await timesOf(sandbox, path);
    figures.push(
      below(
        name,
        times[Math.floor(times.length / 2)] ?? 0,
        limit,
        'ms',
        `median of ${samples}; slowest ${times.at(-1)?.toFixed(1)} ms`,
      ),
    );
  }
  return figures;
}

/** Milliseconds of requests one after another, sorted. */
async function timesOf(sandbox: Sandbox, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const begun = performance.now();
    const answer = await fetch(`${sandbox.idp.url}${path}`, {
      headers: { authorization: `SSWS ${sandbox.idp.token}` },
    });
    await answer.text();
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b);
}

/** After a pause in which the process may give memory back. */
async function residentMegabytes(): Promise<number> {
  await wait(500);
  return process.memoryUsage().rss / 2 ** 20;
}
