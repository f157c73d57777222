import { readFileSync, writeFileSync } from 'node:fs';
import { Worker, Runtime, DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
Runtime.install({ logger: new DefaultLogger('ERROR') });
const [what, mode] = [process.argv[2]!, process.argv[3] ?? ''];
const noop = what === 'noop';
const workflowsPath = noop ? '/work/main/bench/users/noop-workflows.ts' : '/work/main/src/workflows/index.ts';
const hook = (config: any) => {
  for (const rule of config.module.rules) if (rule.use?.options?.jsc) rule.use.options.jsc = { ...rule.use.options.jsc, target: 'es2022' };
  if (mode.includes('c')) config.optimization = { ...config.optimization, concatenateModules: true, providedExports: true, usedExports: true, sideEffects: true };
  return config;
};
const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR'), webpackConfigHook: hook, ...(mode.includes('p') ? { preloadModules: [workflowsPath] } : {}) });
writeFileSync('/tmp/bundle-' + what + mode + '.js', workflowBundle.code);
console.log('size', workflowBundle.code.length);
const history = JSON.parse(readFileSync(noop ? '/tmp/noop.json' : '/tmp/onb.json', 'utf8'));
const n = 300;
async function* all(k: number) { for (let i = 0; i < k; i++) yield { workflowId: 'w' + i, history }; }
const run = async (k: number) => { for await (const r of Worker.runReplayHistories({ workflowBundle }, all(k))) { if (r.error) throw r.error; } };
await run(50);
for (let t = 0; t < 3; t++) {
  const c0 = process.cpuUsage(); const t0 = Date.now();
  await run(n);
  const c1 = process.cpuUsage(c0);
  console.log(what, mode, 'cpu per replay', ((c1.user + c1.system) / 1000 / n).toFixed(1), 'rss', (process.memoryUsage.rss() / 1e6).toFixed(0));
}
setTimeout(() => process.exit(0), 200);
