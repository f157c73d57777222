import type { Check } from '../domain/check.js';
import { problem } from '../domain/errors.js';
import type { Operation } from './operation.js';
import { callOrg } from './org-activities.js';
import { Stopped } from './problems.js';

/**
 * Guide, step 5, last line: first both orgs' configuration is compared, which needs no user; then the test user signs
 * on for real. What cannot be tried is `unknown` and says why; only a failed check stops the setup.
 */
export async function signOn(operation: Operation): Promise<void> {
  const { idp, sp } = operation.input.orgs;
  let checks: readonly Check[] = [];
  const add = (more: readonly Check[]) => {
    checks = [...checks, ...more];
    operation.changeStep('signOn', { checks });
    const failed = checks.find((check) => check.result === 'failed');
    if (failed !== undefined) {
      throw new Stopped(
        problem('O2O_SIGN_ON_FAILED', { org: sp.name, detail: `${failed.statement}: ${failed.detail}` }),
      );
    }
  };
  const idpSide = await operation.attempt('signOn', idp.name, () =>
    callOrg(idp.name, 'readIdpSide', 'Step 5 · look: what the IdP org sends', operation.resourceInput),
  );
  add(
    await operation.attempt('signOn', sp.name, () =>
      callOrg(
        sp.name,
        'crossCheck',
        'Step 5 · check: both halves of the connection agree',
        operation.resourceInput,
        idpSide,
      ),
    ),
  );
  const attempt = await operation.attempt('signOn', idp.name, () =>
    callOrg(idp.name, 'trySignOn', 'Step 5 · try: sign-on with the test user', operation.resourceInput),
  );
  add(attempt.checks);
  if (attempt.result !== 'signedOn') return;
  add(
    await operation.attempt('signOn', sp.name, () =>
      callOrg(
        sp.name,
        'confirmSignOn',
        "Step 5 · read back: the SP org's System Log",
        operation.resourceInput,
        attempt,
      ),
    ),
  );
}
