/** Makes the pictures of the documentation: `npm run docs:screenshots`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { findChromium, launch, openPage, selectAsset } from './browser.js';
import { artifactOf, diffPage, gameAssets, inspectPage, laterAssets } from './make.js';

const IMAGES = resolve(import.meta.dirname, '../../docs/images');

const executable = findChromium();
if (executable === undefined) throw new Error('no Chromium was found: apt-get install chromium');
const folder = mkdtempSync(join(tmpdir(), 'assets-pa-screenshots-'));
const browser = await launch(executable);

/** One picture of a page, after a step. */
async function shoot(
  name: string,
  path: string,
  step: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const { page, incidents } = await openPage(browser, path, { colorScheme: 'light', ...options });
  if (incidents.length > 0) throw new Error(incidents.join('\n'));
  await step(page);
  await page.waitForTimeout(200);
  await page.screenshot({ path: join(IMAGES, `${name}.png`) });
  await page.context().close();
}

function selectTiles(page: Page): Promise<void> {
  return selectAsset(page, 'levels/forest/tiles', 'forest');
}

async function selectChange(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Status' }).selectOption('changed');
  await page.getByRole('gridcell', { name: 'levels/village/tiles' }).click();
  await page.evaluate("document.querySelector('#map').scrollIntoView()");
}

try {
  const one = await inspectPage(folder, await artifactOf(gameAssets(), 16));
  const two = await diffPage(folder, await artifactOf(gameAssets(), 16), await artifactOf(laterAssets(), 16));
  const clickMap = (page: Page) => page.getByRole('application').click({ position: { x: 300, y: 40 } });
  await shoot('inspect-map', one, clickMap, { viewport: { width: 1280, height: 1280 } });
  await shoot('inspect-asset', one, selectTiles);
  await shoot('inspect-dark', one, selectTiles, { colorScheme: 'dark' });
  await shoot('inspect-narrow', one, selectTiles, { viewport: { width: 400, height: 1500 } });
  await shoot('diff', two, selectChange, { viewport: { width: 1280, height: 1300 } });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
