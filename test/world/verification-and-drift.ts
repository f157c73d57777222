import { DriftOptions } from '../../src/domain/drift.js';
import type { OperationStatus } from '../../src/domain/federation.js';
import { VerificationOptions, type VerificationReport, verificationReport } from '../../src/domain/verification.js';
import { AgreedOperations } from './agreed-operations.js';
import type { World } from './world.js';

/** Verifies the world's federation and returns the report. */
export async function verify(world: World, options: Record<string, unknown> = {}): Promise<VerificationReport> {
  const operations = new AgreedOperations(world);
  return verificationReport(await operations.carryOut('verification', VerificationOptions.parse(options)));
}

/** Checks the world's federation for drift, up to the end or an open gate. */
export async function checkDrift(world: World, options: Record<string, unknown> = {}): Promise<OperationStatus> {
  const operations = new AgreedOperations(world);
  await operations.start('drift', DriftOptions.parse(options));
  return operations.settled('drift', ({ steps }) => steps.some(({ gate }) => gate?.state === 'open'));
}

/** Logins of the canaries that either org holds at this moment. */
export function canaries({ sandbox }: World): readonly string[] {
  return [sandbox.idp.org, sandbox.sp.org].flatMap((org) =>
    org.users.filter(({ profile }) => /canary/.test(String(profile.login))).map(({ profile }) => String(profile.login)),
  );
}
