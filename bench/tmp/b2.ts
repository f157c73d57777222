import { readdirSync, readFileSync } from 'node:fs';
import { onboardToItsEnd, runNoop, workflowIdOf } from '../users/one-user.js';
import { round } from '../users/rounds.js';
import { openStage } from '../users/stage.js';
const n = 50, turns = Number(process.env.TURNS ?? 10), inFlight = Number(process.env.INFLIGHT ?? 20);
const stage = await openStage(n * (turns + 4) + 50);
const procs = () => {
  const out: Record<string, number> = {};
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const cmd = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const f = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ms = (Number(f[11]) + Number(f[12])) * 10;
      const p = Number(pid);
      const name = p === stage.worker.pid ? 'worker' : p === stage.noopWorker.pid ? 'noop' : p === stage.api.pid ? 'api' : p === process.pid ? 'bench' : /temporal-v|temporal server/.test(cmd) ? 'temporal' : /postgres/.test(cmd) ? 'postgres' : p === stage.sandbox.pid ? 'sandbox' : 'other';
      out[name] = (out[name] ?? 0) + ms;
    } catch {}
  }
  return out;
};
const seen: Record<string, Record<string, number[]>> = {};
const measure = async (name: string, items: any[], task: (x: any) => Promise<void>) => {
  const b = procs();
  const r = await round(items, inFlight, task);
  const a = procs();
  const s = (seen[name] ??= {});
  let total = 0;
  for (const k of Object.keys(a)) { const v = (a[k]! - (b[k] ?? 0)) / items.length; total += v; (s[k] ??= []).push(v); }
  (s.total ??= []).push(total); (s.rate ??= []).push(r.perSecond);
};
const noops = Array.from({ length: n }, (_, i) => i);
for (let turn = -3; turn < turns; turn++) {
  if (turn === 0) for (const k of Object.keys(seen)) delete seen[k];
  const logins = [...stage.newLogins(n)];
  await measure('onboard', logins, (l) => onboardToItsEnd(stage, l));
  if (turn === turns - 1) { const ls = await Promise.all(logins.map((l) => stage.client.workflow.getHandle(workflowIdOf(l)).describe())); console.log('mean events', ls.reduce((x, d) => x + d.historyLength, 0) / n); }
  await measure('noop', noops, () => runNoop(stage));
}
const med = (x: number[]) => [...x].sort((a, b) => a - b)[Math.floor(x.length / 2)]!;
for (const [k, s] of Object.entries(seen)) console.log(k.padEnd(8), Object.entries(s).filter(([, v]) => med(v) > 0.4).map(([p, v]) => p + ' ' + med(v).toFixed(1)).join('  '));
console.log('cpu ratio', (med(seen.noop!.total!) / med(seen.onboard!.total!)).toFixed(3), 'rate ratio', (med(seen.onboard!.rate!) / med(seen.noop!.rate!)).toFixed(3));
await stage.stop(); process.exit(0);
