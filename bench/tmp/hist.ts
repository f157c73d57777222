import { onboardToItsEnd, runNoop, workflowIdOf } from '../users/one-user.js';
import { openStage } from '../users/stage.js';
const stage = await openStage(60);
const logins = stage.newLogins(12);
for (const l of logins) await onboardToItsEnd(stage, l);
await runNoop(stage);
const h = await stage.client.workflow.getHandle(workflowIdOf(logins[11]!)).fetchHistory();
const { writeFileSync } = await import('node:fs');
const { historyToJSON } = await import('@temporalio/common/lib/proto-utils.js');
writeFileSync('/tmp/hist.json', JSON.stringify(historyToJSON(h), null, 1));
const d = await stage.client.workflow.getHandle(workflowIdOf(logins[11]!)).describe();
console.log(d.historyLength, d.historySize);
for await (const w of stage.noopClient.workflow.list()) { console.log(w.historyLength, w.historySize); }
await stage.stop(); process.exit(0);
