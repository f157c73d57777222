import { workflowInfo } from '@temporalio/workflow';

/**
 * The version of the workflows. Temporal keeps with each workflow task by which version it was carried out, so a workflow
 * may ask `isCarriedOutBy` where `patched` would cost every run two actions. Raise `buildId`, a number, for each such question.
 */
export const deploymentVersion = { deploymentName: 'org2org', buildId: '1' } as const;

/** Whether the present workflow task is carried out, or was when it is replayed, by this version or a later one. */
export function isCarriedOutBy(build: number): boolean {
  const version = workflowInfo().currentDeploymentVersion;
  return version?.deploymentName === deploymentVersion.deploymentName && Number(version.buildId) >= build;
}
