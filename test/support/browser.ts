import { chromium, type Browser } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium without a window. Close it when done. */
export async function startBrowser(): Promise<Browser> {
  try {
    return await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: FLAGS });
  } catch (cause) {
    throw new Error('Chromium does not start; on Debian: apt-get install chromium', { cause });
  }
}
