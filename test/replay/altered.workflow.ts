import { sleep } from '@temporalio/workflow';
import type { OperationInput, OperationStatus } from '../../src/domain/federation.js';
import type { RolloutRecord } from '../../src/domain/group-rollout.js';
import type { SweepRecord } from '../../src/domain/sweep.js';
import type { UserRecord } from '../../src/domain/user-lifecycle.js';
import { alarmWatch as unalteredWatch } from '../../src/workflows/alarm-watch.js';
import { auditEntries as unalteredEntries } from '../../src/workflows/audit-entries.js';
import { deactivationSweep as unalteredSweep } from '../../src/workflows/deactivation-sweep.js';
import { driftCheck as unalteredDrift } from '../../src/workflows/drift-check.js';
import { federationAdoption as unalteredAdoption } from '../../src/workflows/federation-adoption.js';
import { federationExport as unalteredExport } from '../../src/workflows/federation-export.js';
import { federationPause as unalteredPause } from '../../src/workflows/federation-pause.js';
import { federationPreflight as unalteredPreflight } from '../../src/workflows/federation-preflight.js';
import { federationResume as unalteredResume } from '../../src/workflows/federation-resume.js';
import { federationSetup as unalteredSetup } from '../../src/workflows/federation-setup.js';
import { federationTeardown as unalteredTeardown } from '../../src/workflows/federation-teardown.js';
import { federationVerification as unalteredVerification } from '../../src/workflows/federation-verification.js';
import { findUserLogin as unalteredFind } from '../../src/workflows/find-user-login.js';
import { groupRollout as unalteredRollout } from '../../src/workflows/group-rollout.js';
import { keyRotation as unalteredRotation } from '../../src/workflows/key-rotation.js';
import type { RolloutStart } from '../../src/workflows/rollout-run.js';
import { scheduledOperation as unalteredScheduled } from '../../src/workflows/scheduled-operation.js';
import type { SweepStart } from '../../src/workflows/sweep-record.js';
import { userBatch as unalteredBatch } from '../../src/workflows/user-batch.js';
import { userBatchRows as unalteredRows } from '../../src/workflows/user-batch-rows.js';
import { userDiagnosis as unalteredDiagnosis } from '../../src/workflows/user-diagnosis.js';
import { userErasure as unalteredErasure } from '../../src/workflows/user-erasure.js';
import { type UserStart, userLifecycle as unalteredUser } from '../../src/workflows/user-lifecycle.js';

export { federation } from '../../src/workflows/federation.js';

/** Each of them with a wait that none on record has had. */
export async function federationSetup(input: OperationInput): Promise<OperationStatus> {
  const status = await unalteredSetup(input);
  await sleep(1_000);
  return status;
}

export async function userLifecycle(start: UserStart): Promise<UserRecord> {
  const record = await unalteredUser(start);
  await sleep(1_000);
  return record;
}

export async function groupRollout(start: RolloutStart): Promise<RolloutRecord> {
  const record = await unalteredRollout(start);
  await sleep(1_000);
  return record;
}

export async function userBatch(...args: Parameters<typeof unalteredBatch>): Promise<void> {
  await unalteredBatch(...args);
  await sleep(1_000);
}

export async function userBatchRows(...args: Parameters<typeof unalteredRows>): Promise<void> {
  await unalteredRows(...args);
  await sleep(1_000);
}

export async function userDiagnosis(
  ...args: Parameters<typeof unalteredDiagnosis>
): ReturnType<typeof unalteredDiagnosis> {
  const diagnosis = await unalteredDiagnosis(...args);
  await sleep(1_000);
  return diagnosis;
}

export async function findUserLogin(...args: Parameters<typeof unalteredFind>): ReturnType<typeof unalteredFind> {
  const found = await unalteredFind(...args);
  await sleep(1_000);
  return found;
}

export async function deactivationSweep(start: SweepStart): Promise<SweepRecord> {
  const record = await unalteredSweep(start);
  await sleep(1_000);
  return record;
}

export async function alarmWatch(...args: Parameters<typeof unalteredWatch>): Promise<never> {
  await sleep(1_000);
  return unalteredWatch(...args);
}

export async function auditEntries(...args: Parameters<typeof unalteredEntries>): Promise<void> {
  await unalteredEntries(...args);
  await sleep(1_000);
}

export async function userErasure(...args: Parameters<typeof unalteredErasure>): ReturnType<typeof unalteredErasure> {
  const erased = await unalteredErasure(...args);
  await sleep(1_000);
  return erased;
}

export async function federationVerification(
  ...args: Parameters<typeof unalteredVerification>
): Promise<OperationStatus> {
  const status = await unalteredVerification(...args);
  await sleep(1_000);
  return status;
}

export async function driftCheck(...args: Parameters<typeof unalteredDrift>): Promise<OperationStatus> {
  const status = await unalteredDrift(...args);
  await sleep(1_000);
  return status;
}

export async function federationPreflight(
  ...args: Parameters<typeof unalteredPreflight>
): ReturnType<typeof unalteredPreflight> {
  const found = await unalteredPreflight(...args);
  await sleep(1_000);
  return found;
}

export async function federationAdoption(
  ...args: Parameters<typeof unalteredAdoption>
): ReturnType<typeof unalteredAdoption> {
  const found = await unalteredAdoption(...args);
  await sleep(1_000);
  return found;
}

export async function federationExport(
  ...args: Parameters<typeof unalteredExport>
): ReturnType<typeof unalteredExport> {
  const found = await unalteredExport(...args);
  await sleep(1_000);
  return found;
}

export async function keyRotation(...args: Parameters<typeof unalteredRotation>): Promise<OperationStatus> {
  const status = await unalteredRotation(...args);
  await sleep(1_000);
  return status;
}

export async function federationPause(...args: Parameters<typeof unalteredPause>): Promise<OperationStatus> {
  const status = await unalteredPause(...args);
  await sleep(1_000);
  return status;
}

export async function federationResume(...args: Parameters<typeof unalteredResume>): Promise<OperationStatus> {
  const status = await unalteredResume(...args);
  await sleep(1_000);
  return status;
}

export async function federationTeardown(...args: Parameters<typeof unalteredTeardown>): Promise<OperationStatus> {
  const status = await unalteredTeardown(...args);
  await sleep(1_000);
  return status;
}

export async function scheduledOperation(
  ...args: Parameters<typeof unalteredScheduled>
): ReturnType<typeof unalteredScheduled> {
  const dropped = await unalteredScheduled(...args);
  await sleep(1_000);
  return dropped;
}
