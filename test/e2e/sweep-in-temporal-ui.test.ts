import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sweepWorkflowId } from '../../src/workflows/messages.js';
import { FederatedWorld } from '../world/federated-world.js';
import { WorldSweeps } from '../world/sweeps.js';
import { federationId } from '../world/world.js';
import { browserProgram, startBrowser } from './browser.js';

const leaver = 'leaver@acme.example';

describe.skipIf(browserProgram === undefined && process.env.CI !== 'true')(
  'the Temporal UI of a sweep at its fuse, in a real browser',
  () => {
    let at: FederatedWorld;
    let browser: Browser;
    let page: Page;
    let workflows: string;
    let workflowId: string;

    beforeAll(async () => {
      if (browserProgram === undefined) throw new Error('no browser: install the package chromium');
      at = await FederatedWorld.start();
      await at.newcomer(leaver);
      await at.users.carryOut('onboard', leaver);
      const { org } = at.world.sandbox.idp;
      const org2org = org.apps.find(({ name }) => name === 'okta_org2org');
      org.appUsers.get(org2org?.id ?? '')?.delete(org.userIdsByLogin.get(leaver) ?? '');
      const sweep = await new WorldSweeps(at.world).carryOut({ mode: 'enforce' });
      expect(sweep.state).toBe('gate');
      workflowId = sweepWorkflowId(federationId, sweep.id);
      browser = await startBrowser(browserProgram);
      page = await browser.newPage({ viewport: { width: 1400, height: 1560 } });
      workflows = `${inject('temporal').uiUrl}/namespaces/${at.world.client.options.namespace}/workflows`;
    });

    afterAll(async () => {
      await browser?.close();
      await at?.stop();
    });

    it('shows in its timeline what was read', async () => {
      await page.goto(`${workflows}/${encodeURIComponent(workflowId)}`);
      for (const summary of ['Read: accessGroupMembers', 'Read: assignments']) {
        await page.getByText(summary, { exact: false }).first().waitFor();
      }
    });

    it('says in words what was read, how fast, what was found and what it waits for, and no login', async () => {
      await page.goto(`${workflows}/${encodeURIComponent(workflowId)}`);
      await page.getByText('User Metadata', { exact: true }).first().click();
      const details = page.locator('iframe').last().contentFrame();
      for (const text of [
        'Sweep (enforce)',
        'approval, until',
        '3 members of the access group (1 page)',
        'a second',
        '2 entitled, 1 unassigned, of 3 users with 2 assignments',
        '1 in all: 1 pending',
        'Shall 1 of 3 user(s) be acted on?',
      ]) {
        await details.getByText(text).first().waitFor();
      }
      expect(await details.locator('body').textContent()).not.toContain(leaver);
    });

    it('is found by a search for its federation, kind and state', async () => {
      const query = `O2OFederation = '${federationId}' AND O2OKind = 'sweep' AND O2OState = 'gate'`;
      await page.goto(`${workflows}?query=${encodeURIComponent(query)}`);
      await page.getByRole('link', { name: workflowId }).first().waitFor();
    });
  },
);
