/** Tests in a browser: each page is closed after its test, and must have done nothing that a page must not do. */
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { findChromium, launch, type OpenedPage, openPage } from './browser.js';

const executable = findChromium();
/** Far beyond what a step needs, also on a machine with other work. */
export const TIMEOUT = 120_000;

/** Opens a page for one test. */
export type Open = (path: string, options?: BrowserContextOptions) => Promise<OpenedPage>;

/** Tests that are skipped, with a line that says so, where there is no browser. */
export function browserSuite(title: string, define: (open: Open) => void): void {
  if (executable === undefined) {
    process.stderr.write(`Not tested, ${title}: no Chromium was found (apt-get install chromium)\n`);
  }
  describe.skipIf(executable === undefined)(title, { timeout: TIMEOUT }, () => {
    let browser: Browser | undefined;
    let opened: OpenedPage[] = [];
    beforeAll(async () => {
      browser = await launch(executable as string);
    }, TIMEOUT);
    afterEach(async () => {
      const incidents = opened.flatMap((each) => each.incidents);
      await Promise.all(opened.map(({ page }) => page.context().close()));
      opened = [];
      expect(incidents).toEqual([]);
    });
    afterAll(() => browser?.close());
    define(async (path, options) => {
      const page = await openPage(browser as Browser, path, options);
      opened.push(page);
      return page;
    });
  });
}
