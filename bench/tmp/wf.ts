import { sleep, workflowInfo } from '@temporalio/workflow';
export async function w(): Promise<string> {
  const a = JSON.stringify([workflowInfo().currentBuildId, workflowInfo().currentDeploymentVersion]);
  await sleep(10);
  const b = JSON.stringify([workflowInfo().currentBuildId, workflowInfo().currentDeploymentVersion]);
  return a + b;
}
