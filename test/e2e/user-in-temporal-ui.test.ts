import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { userKey } from '../../src/commands/user-key.js';
import { userWorkflowId } from '../../src/workflows/messages.js';
import { startWorld } from '../world/start-world.js';
import { problemsOf, WorldUsers } from '../world/users.js';
import { federationId, testUserPassword, type World, withoutPeople } from '../world/world.js';
import { browserProgram, startBrowser } from './browser.js';

const login = 'new@acme.example';
const workflowId = userWorkflowId(federationId, userKey(federationId, login));

describe.skipIf(browserProgram === undefined && process.env.CI !== 'true')(
  'the Temporal UI of a user, in a real browser',
  () => {
    let world: World;
    let browser: Browser;
    let page: Page;
    let workflows: string;

    beforeAll(async () => {
      if (browserProgram === undefined) throw new Error('no browser: install the package chromium');
      world = await startWorld();
      await world.setUp(withoutPeople());
      await world.idpAdmin.addUser(login, testUserPassword);
      const users = new WorldUsers(world);
      expect(problemsOf(await users.carryOut('onboard', login))).toEqual([]);
      expect(problemsOf(await users.carryOut('offboard', login))).toEqual([]);
      browser = await startBrowser(browserProgram);
      page = await browser.newPage({ viewport: { width: 1400, height: 1560 } });
      workflows = `${inject('temporal').uiUrl}/namespaces/${world.client.options.namespace}/workflows`;
    });

    afterAll(async () => {
      await browser?.close();
      await world?.stop();
    });

    it('shows in its timeline what was looked at and done', async () => {
      await page.goto(`${workflows}/${encodeURIComponent(workflowId)}`);
      for (const summary of ['Do: end sessions, revoke tokens', 'Do: remove the assignment', 'Prove: the SP org']) {
        await page.getByText(summary, { exact: false }).first().waitFor();
      }
    });

    it('says in words what each step of the last transition did, and no login', async () => {
      await page.goto(`${workflows}/${encodeURIComponent(workflowId)}`);
      await page.getByText('User Metadata', { exact: true }).first().click();
      const details = page.locator('iframe').last().contentFrame();
      for (const text of [
        'Sessions ended and tokens revoked in the SP org',
        'Assignment removed where it comes from',
        'Deactivated in the SP org',
        'Every statement is carried by a read after the last write',
      ]) {
        await details.getByText(text).first().waitFor();
      }
      expect(await details.locator('body').textContent()).not.toContain(login);
    });

    it.each([
      ['federation', `O2OKind = 'user' AND O2OFederation = '${federationId}'`],
      ['state', `O2OKind = 'user' AND O2OState = 'idle'`],
      ['transition', `O2OTransition = 'offboard'`],
    ])('is found by a search for its %s', async (_, query) => {
      await page.goto(`${workflows}?query=${encodeURIComponent(query)}`);
      await page.getByRole('link', { name: workflowId }).first().waitFor();
    });
  },
);
