import { TestWorkflowEnvironment } from '@temporalio/testing';
import { registerSearchAttributes } from '../../scripts/temporal/search-attributes.js';
import { timeSkippingServerPath } from '../../scripts/temporal/start-temporal.js';

/**
 * A Temporal server of one's own that skips the time which nothing but timers waits for; tear it down at the end.
 * It knows neither schedules nor lists of workflows, and time passes at once for everything that runs on it.
 */
export async function timeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  const executable = { type: 'existing-path', path: await timeSkippingServerPath() } as const;
  const environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  await registerSearchAttributes(environment.connection, environment.namespace ?? 'default');
  return environment;
}
