import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import { startWorld } from '../world/start-world.js';
import { specification, type World } from '../world/world.js';
import { browserProgram, startBrowser } from './browser.js';

/** With UPDATE_PICTURES=1 the pictures of the documentation are taken anew. */
const pictures =
  process.env.UPDATE_PICTURES === '1' ? fileURLToPath(new URL('../../docs/images', import.meta.url)) : null;

describe.skipIf(browserProgram === undefined && process.env.CI !== 'true')(
  'the Temporal UI of a setup, in a real browser',
  () => {
    let world: World;
    let browser: Browser;
    let page: Page;
    let address: string;

    beforeAll(async () => {
      if (browserProgram === undefined) throw new Error('no browser: install the package chromium');
      world = await startWorld();
      await world.setUp(specification());
      browser = await startBrowser(browserProgram);
      page = await browser.newPage({ viewport: { width: 1400, height: 1560 } });
      const workflowId = encodeURIComponent(
        (await world.federations.get('acme-to-partner')).operation?.workflowId ?? '',
      );
      address = `${inject('temporal').uiUrl}/namespaces/${world.client.options.namespace}/workflows/${workflowId}`;
    });

    afterAll(async () => {
      await browser?.close();
      await world?.stop();
    });

    it('shows the steps of the guide in its timeline', async () => {
      await page.goto(address);
      for (const summary of [
        'Step 1 · look: Target app in the SP org',
        'Step 2 · do: Add Okta Org2Org',
        'Step 5 · try: sign-on with the test user',
      ]) {
        await page.getByText(summary, { exact: false }).first().waitFor();
      }
      if (pictures !== null) await page.screenshot({ path: `${pictures}/setup-timeline.png` });
    });

    it('says in words what each step saw and did', async () => {
      await page.goto(address);
      await page.getByText('User Metadata', { exact: true }).first().click();
      const details = page.locator('iframe').last().contentFrame();
      for (const text of [
        'done, 15 of 15 steps',
        'Connect provisioning by OAuth 2.0 and have Okta test the credentials',
        '16 checks passed',
      ]) {
        await details.getByText(text).first().waitFor();
      }
      if (pictures !== null) await page.screenshot({ path: `${pictures}/setup-details.png` });
    });
  },
);
