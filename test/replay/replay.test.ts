import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { WorkflowBundle } from '../../src/worker/workflow-bundle.js';

const directory = new URL('./histories/', import.meta.url);
const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
/** Workflows that are on record up to their end. */
const whole = names.filter((name) => !/(?:federation|hook-events|promised-user)\.json$/.test(name));

function textOf(name: string): string {
  return readFileSync(new URL(name, directory), 'utf8');
}

/** Lets the workflows of a bundle run through a recorded history. */
function replay(workflowBundle: WorkflowBundle, name: string): Promise<void> {
  return Worker.runReplayHistory({ workflowBundle }, JSON.parse(textOf(name)));
}

describe('a workflow that was begun by the workflows on record goes on with those of today:', () => {
  it.each(names)('%s', async (name) => {
    await expect(replay(inject('workflowBundle'), name)).resolves.toBeUndefined();
  });
});

describe('a workflow that was changed without regard for those that run is noticed:', () => {
  let altered: WorkflowBundle;

  beforeAll(async () => {
    const workflowsPath = fileURLToPath(new URL('./altered.workflow.ts', import.meta.url));
    altered = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  });

  it.each(whole)('%s', async (name) => {
    await expect(replay(altered, name)).rejects.toThrow(DeterminismViolationError);
  });
});

describe('the recorded histories', () => {
  it('are those of federations with their setups and plans, and of users, asks, batches and rollouts', () => {
    const ofFederations = names.filter(
      (name) =>
        !/^(?:alarms|asks|checked-first|first-commands|found|ledger|lifecycle|many|read-ahead|rollouts|schedules|sweep-cancelled|sweep-endings|sweep-lists|sweep-lists-together|sweeps|taken-back|users)\//.test(
          name,
        ),
    );
    expect(new Set(ofFederations.map((name) => name.replace(/-\d+\.json$|\.json$/, '').split('/')[1]))).toEqual(
      new Set(['federation', 'setup', 'plan', 'verification', 'drift']),
    );
    expect(names.filter((name) => !ofFederations.includes(name)).toSorted()).toEqual([
      'alarms/watch.json',
      'asks/diagnosis.json',
      'asks/find-user-login.json',
      'checked-first/setup-of-free-pair.json',
      'checked-first/setup-of-taken-pair.json',
      'checked-first/teardown-beside-sweep.json',
      'checked-first/teardown.json',
      'first-commands/now.json',
      'first-commands/planned.json',
      'found/adopting-setup.json',
      'found/adoption.json',
      'found/export.json',
      'found/preflight.json',
      'ledger/audit-entries.json',
      'ledger/erasure.json',
      'ledger/proof.json',
      'lifecycle/pause-6.json',
      'lifecycle/resume-7.json',
      'lifecycle/rotation-2.json',
      'lifecycle/rotation-3.json',
      'lifecycle/rotation-4.json',
      'lifecycle/rotation-5.json',
      'lifecycle/teardown-8.json',
      'lifecycle/teardown-sweep.json',
      'many/batch-rows.json',
      'many/batch.json',
      'many/rollout.json',
      'read-ahead/assigned.json',
      'read-ahead/failed.json',
      'read-ahead/taken.json',
      'rollouts/with-gate.json',
      'schedules/scheduled.json',
      'sweep-cancelled/waiting.json',
      'sweep-endings/after-event.json',
      'sweep-endings/hook-events.json',
      'sweep-endings/incomplete.json',
      'sweep-endings/paused.json',
      'sweep-endings/promised-user.json',
      'sweep-endings/promised.json',
      'sweep-endings/rejected.json',
      'sweep-lists-together/report.json',
      'sweep-lists-together/waited.json',
      'sweep-lists/changed.json',
      'sweep-lists/held.json',
      'sweeps/approved.json',
      'sweeps/offboard-by-sweep.json',
      'sweeps/report.json',
      'taken-back/half-made-client.json',
      'taken-back/revoked-after-switch.json',
      'taken-back/teardown-beside-rollout.json',
      'users/dry-run.json',
      'users/login-changed.json',
      'users/offboard-with-gate.json',
      'users/offboard.json',
      'users/onboard-created-by-group.json',
      'users/onboard.json',
      'users/planned-and-cancelled.json',
      'users/reactivate.json',
      'users/resume.json',
      'users/superseded.json',
      'users/suspend.json',
      'users/update.json',
    ]);
  });

  it.each(names)('hold no paths, no stack traces and no names of machines: %s', (name) => {
    const text = textOf(name);
    const payloads = [...text.matchAll(/"data":"([^"]+)"/g)].map(([, data = '']) =>
      Buffer.from(data, 'base64').toString('utf8'),
    );
    const found = /.{0,80}(?:\/(?:root|tmp|var|Users|node_modules)\/|\\n\s+at |\.[jt]s:\d|\d@(?!acme\.example))/.exec(
      [text, ...payloads].join('\n'),
    );
    expect(found?.[0]).toBeUndefined();
  });
});
