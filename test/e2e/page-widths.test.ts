import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { parseFilter } from '../../src/proxy/api/page/filter.ts';
import { renderPage } from '../../src/proxy/api/page/page.ts';
import { startBrowser } from '../support/browser.ts';
import { enrichment, snapshotOf } from '../support/page-snapshot.ts';

const NODE = 'application-server-0123.frankfurt.production.example.com';
const LABELS = {
  alertname: 'CheckFailedOnTheApplicationServers',
  client: NODE,
  check: 'check_application_response_time_of_the_payment_service',
};

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
}, 60_000);
afterAll(() => browser.close());

describe('the tables of the page', () => {
  it.each([360, 768, 1024, 1100, 1280, 1440])(
    'show all their columns on a screen of %d pixels, however long the names of nodes and checks are',
    async (width) => {
      const snapshot = snapshotOf(`${NODE}:9470`);
      const sources = snapshot.sources.map((source) => ({ ...source, name: 'node-agent' }));
      const page = await browser.newPage({ viewport: { width, height: 800 } });

      await page.setContent(
        renderPage(
          { ...snapshot, sources, enrichments: [enrichment(), enrichment({ labels: LABELS })] },
          parseFilter({}),
        ),
      );

      const hidden = await page.evaluate<number[]>(
        '[...document.querySelectorAll(".scroll:has(table)")].map((box) => box.scrollWidth - box.clientWidth)',
      );
      expect(hidden).toEqual([0, 0, 0, 0, 0, 0]);
      await page.close();
    },
  );
});
