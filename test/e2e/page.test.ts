import axe from 'axe-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { startPageScene, type PageScene } from '../support/page-scene.ts';
import { waitFor } from '../support/wait-for.ts';

const PHONE = { width: 360, height: 740 };

let scene: PageScene;
let browser: Browser;
let page: Page;
/** What the browser complained about, and what it asked for elsewhere. */
let complaints: string[];

beforeAll(async () => {
  [scene, browser] = await Promise.all([startPageScene(), startBrowser()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await scene.stop();
});

beforeEach(async () => {
  await open();
});
afterEach(async () => {
  await page.context().close();
  expect(complaints).toEqual([]);
});

async function open(options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext(options);
  page = await context.newPage();
  complaints = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(scene.proxy.url) && !url.startsWith('data:')) complaints.push(`asked for ${url}`);
  });
  await page.goto(scene.proxy.url);
}

async function reopen(options: BrowserContextOptions): Promise<void> {
  await page.context().close();
  await open(options);
}

describe('the page in a browser', () => {
  it('is one document, which looks as its style sheet says', async () => {
    expect(await page.title()).toBe('alertmanager-proxy');
    expect(await page.getByText('1 of 3 Alertmanagers is not accepting alerts.').isVisible()).toBe(true);
    expect(await backgroundOf('section')).toBe('rgb(255, 255, 255)');
    expect(await page.evaluate('performance.getEntriesByType("resource").length')).toBe(0);
  });

  it('shows hostile alerts and output as text', async () => {
    expect(await page.getByRole('link', { name: '<b>"\'><script>alert(1)</script>' }).count()).toBe(1);
    expect(await page.locator('samp', { hasText: '<script>document.title' }).count()).toBe(1);
    expect(await page.locator('script, img, b:not(.note b)').count()).toBe(0);
  });

  it.each<[string, BrowserContextOptions]>([
    ['in light colours', { colorScheme: 'light' }],
    ['in dark colours', { colorScheme: 'dark' }],
    ['on a phone', { viewport: PHONE }],
    ['on a phone in dark colours', { viewport: PHONE, colorScheme: 'dark' }],
  ])('can be read by everybody %s', async (_how, options) => {
    await reopen(options);

    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');

    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
  });

  it('follows the colour scheme of the reader', async () => {
    const light = await backgroundOf('section');
    await page.emulateMedia({ colorScheme: 'dark' });

    expect(await backgroundOf('section')).not.toBe(light);
  });

  it('fits a narrow screen without scrolling sideways', async () => {
    await reopen({ viewport: PHONE });

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
  });

  it('names its landmarks', async () => {
    for (const name of ['Senders', 'Alertmanagers', 'Sources', 'Most failing nodes', 'Last enrichments']) {
      expect(await page.getByRole('region', { name, exact: true }).count()).toBe(1);
      expect(await page.getByRole('table').filter({ visible: true }).count()).toBe(5);
    }
    expect(await page.getByRole('navigation', { name: 'On this page' }).count()).toBe(1);
    expect(await page.getByRole('search').count()).toBe(1);
    expect(await page.getByRole('main').count()).toBe(1);
  });

  it('can be used with the keyboard alone: skip, filter, show all', async () => {
    await page.keyboard.press('Tab');
    await waitForFocus('Skip to the content');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${scene.proxy.url}/#senders`);

    await page.getByLabel('Contains').focus();
    await page.keyboard.type('db-02');
    for (const [key, next] of [
      ['Tab', 'Source'],
      ['Tab', 'Result'],
      ['Tab', 'Filter'],
    ] as const) {
      await page.keyboard.press(key);
      await waitForFocus(next);
    }
    await page.keyboard.press('Enter');

    await page.waitForURL(/[?&]q=db-02.*#enrichments$/);
    expect(await page.getByRole('status').textContent()).toContain('2 of 14 enrichments match');
    expect(await page.locator('#enrichments tbody tr').count()).toBe(2);
    await page.getByRole('link', { name: 'Show all' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.search === '');
    expect(await page.locator('#enrichments tbody tr').count()).toBe(14);
  });

  it('filters without a script', async () => {
    await reopen({ javaScriptEnabled: false });

    await page.getByLabel('Result').selectOption('cached');
    await page.getByRole('button', { name: 'Filter' }).click();

    await page.waitForURL(/result=cached/);
    expect(await page.locator('#enrichments tbody tr').count()).toBe(5);
    expect(await page.getByLabel('Result').inputValue()).toBe('cached');
  });

  it('unfolds the configuration in force, without its secrets', async () => {
    const text = page.getByRole('region', { name: 'Effective configuration' });
    expect(await text.isVisible()).toBe(false);

    await page.getByText('Effective configuration, with its defaults').click();

    await text.waitFor({ state: 'visible' });
    expect(await text.textContent()).toContain('password: <secret>');
  });

  it.each(['/metrics', '/-/ready', '/api/v1/enrichments'])('leads to %s', async (path) => {
    const href = await page.getByRole('link', { name: path }).getAttribute('href');

    const address = new URL(href ?? '', page.url()).href;
    expect(address).toBe(`${scene.proxy.url}${path}`);
    expect((await fetch(address)).status).toBe(200);
  });
});

function backgroundOf(selector: string): Promise<string> {
  return page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).backgroundColor`);
}

async function waitForFocus(name: string): Promise<void> {
  await waitFor(`the focus on ${name}`, async () => (await focused()).includes(name));
}

/** The name of what has the focus. */
function focused(): Promise<string> {
  return page.evaluate<string>(
    '(document.activeElement.closest("label") ?? document.activeElement).textContent',
  );
}
