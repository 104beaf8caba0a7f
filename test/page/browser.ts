/** A real browser for tests of pages: the Chromium of the system, with everything watched that a page must not do. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser's executable; undefined where there is none. */
export function findChromium(): string | undefined {
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts the browser. */
export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

/** A page that is ready, and what it did beside that. */
export interface OpenedPage {
  readonly page: Page;
  /** Console errors, exceptions, violations of the policy, dialogs, and requests other than for the page. */
  readonly incidents: string[];
  /** Milliseconds until it was ready. */
  readonly elapsed: number;
}

/** Opens a file as a user does, and waits until everything is there. */
export async function openPage(
  browser: Browser,
  path: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(path).href;
  const incidents = watch(page, url);
  const start = performance.now();
  await page.goto(url);
  await page.waitForSelector('html[data-ready]', { state: 'attached' });
  return { page, incidents, elapsed: performance.now() - start };
}

function watch(page: Page, url: string): string[] {
  const incidents: string[] = [];
  // Violations of the policy are console errors too.
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') incidents.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => incidents.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    incidents.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== url) incidents.push(`request: ${request.url()}`);
  });
  return incidents;
}

/** What an expression in the page gives; the page's own names are not known here, so it is text. */
export async function valueIn<T>(page: Page, expression: string): Promise<T> {
  return (await page.evaluate(expression)) as T;
}

/**
 * Shows an asset by its name, as a user does: filters, and clicks on its row once the table has followed.
 *
 * @param filter Text to filter by; default the whole name.
 */
export async function selectAsset(page: Page, name: string, filter = name): Promise<void> {
  const before = await page.locator('output.count').textContent();
  await page.getByRole('searchbox').fill(filter);
  await page.getByRole('searchbox').press('Enter');
  await page
    .locator('output.count')
    .filter({ hasNotText: before ?? '' })
    .waitFor();
  await page.getByRole('gridcell', { name, exact: true }).click();
  await page.locator('#details h3').filter({ hasText: name }).waitFor();
}

/** The texts that cannot be read well. */
export function faintTexts(page: Page): Promise<string[]> {
  return valueIn(page, FAINT);
}

/** Texts whose contrast with the ground below them is less than 4.5 to 1 (WCAG 2, AA). */
const FAINT = `(() => {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return rgb('white');
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: element, data } = walker.currentNode;
    if (data.trim() === '' || !element.checkVisibility() || element.closest('script, style, noscript')) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(groundOf(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.add(element.tagName + '.' + element.className + ' ' + ratio.toFixed(2) + ' ' + data.slice(0, 20));
  }
  return [...found];
})()`;
