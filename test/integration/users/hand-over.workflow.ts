import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import type { UserRecord } from '../../../src/domain/user-lifecycle.js';
import { NewLogin } from '../../../src/workflows/new-login.js';

export { userLifecycle } from '../../../src/workflows/user-lifecycle.js';

export const goOnSignal = defineSignal('goOn');

/** What a user's workflow does after its login was changed, with a pause at the moment that nobody can hit otherwise. */
export async function handOver(
  record: UserRecord,
  login: string,
  workflowId: string,
): Promise<'began' | 'handed over'> {
  let goesOn = false;
  setHandler(goOnSignal, () => {
    goesOn = true;
  });
  const newLogin = new NewLogin(login, workflowId);
  if (await newLogin.begin(record, record.transitions)) return 'began';
  await condition(() => goesOn);
  await newLogin.handOver(() => record, record.transitions);
  return 'handed over';
}
