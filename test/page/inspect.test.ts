/** The page about one file: map, table, treemap, details, by pointer and by keyboard. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../support/packing.js';
import { faintTexts, selectAsset, valueIn } from './browser.js';
import { artifactOf, gameAssets, inspectPage } from './make.js';
import { browserSuite, TIMEOUT } from './suite.js';

const newFolder = temporaryFolders();

/** The bytes that the map shows. */
async function viewOf(page: Page): Promise<{ from: number; to: number }> {
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  const { from, to } = await valueIn<{ from: string; to: string }>(
    page,
    "({ ...document.querySelector('.map').dataset })",
  );
  return { from: Number(from), to: Number(to) };
}

/** What the details are about. */
function heading(page: Page): Promise<string | null> {
  return page.locator('#details h3').textContent();
}

/** The names in the first rows of the table. */
function namesShown(page: Page): Promise<string[]> {
  return page.locator('#assets td.name').allTextContents();
}

/** The colour of the map at a place, in CSS pixels from its left edge and top. */
function colourAt(page: Page, x: number, y: number): Promise<number[]> {
  return valueIn(
    page,
    `(() => {
      const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      pen.drawImage(document.querySelector('.map'), ${-x} * devicePixelRatio, ${-y} * devicePixelRatio);
      return [...pen.getImageData(0, 0, 1, 1).data];
    })()`,
  );
}

browserSuite('the page of inspect', (open) => {
  let path: string;
  beforeAll(async () => {
    path = await inspectPage(newFolder(), await artifactOf(gameAssets(), 16));
  }, TIMEOUT);
  const map = (page: Page) => page.getByRole('application');

  it('says what the file is', async () => {
    const { page } = await open(path);
    const banner = await page.getByRole('banner').textContent();
    expect(banner).toContain('assets.pa');
    expect(banner).toContain('773.6 KiB (792,192 bytes)');
    expect(banner).toContain('clean');
    expect(banner).toContain('payload_offset9,376');
    expect(banner).toContain('assets49');
    expect(await page.getByRole('region').allTextContents()).toHaveLength(4);
  });

  it('draws payloads in the colours of their banks', async () => {
    const { page } = await open(path);
    await viewOf(page);
    // music/forest and levels/forest/tiles, beside their names.
    expect(await colourAt(page, 150, 20)).toEqual([230, 159, 0, 255]);
    expect(await colourAt(page, 60, 20)).toEqual([0, 114, 178, 255]);
  });

  it('selects on the map what is clicked, and shows it everywhere', async () => {
    const { page } = await open(path);
    await map(page).click({ position: { x: 330, y: 40 } });
    expect(await heading(page)).toBe('music/harbour');
    expect(await page.locator('tr[aria-selected="true"] .name').textContent()).toBe('music/harbour');
    expect(await page.locator('.box[aria-current]').getAttribute('aria-label')).toContain('music/harbour');
    expect(await page.getByText('Selected: payload of asset 13 music/harbour').count()).toBe(1);
  });

  it('says what is under the pointer', async () => {
    const { page } = await open(path);
    await map(page).hover({ position: { x: 330, y: 40 } });
    expect(await page.locator('.tooltip').textContent()).toContain('music/harbourpayload of asset 13, SOUNDS');
    await page.mouse.move(5, 5);
    expect(await page.locator('.tooltip').isVisible()).toBe(false);
  });

  it('zooms by wheel and buttons, pans by dragging', async () => {
    const { page } = await open(path);
    expect(await viewOf(page)).toEqual({ from: 0, to: 792_192 });
    await map(page).hover({ position: { x: 600, y: 40 } });
    await page.mouse.wheel(0, -600);
    const near = await viewOf(page);
    expect(near.to - near.from).toBeLessThan(400_000);
    await page.mouse.down();
    await page.mouse.move(300, 200, { steps: 4 });
    await page.mouse.up();
    const panned = await viewOf(page);
    expect(panned.from).toBeGreaterThan(near.from);
    expect(Math.abs(panned.to - panned.from - (near.to - near.from))).toBeLessThanOrEqual(2);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    expect((await viewOf(page)).to - (await viewOf(page)).from).toBeLessThan(near.to - near.from);
    await page.getByRole('button', { name: 'Show the whole file' }).click();
    expect(await viewOf(page)).toEqual({ from: 0, to: 792_192 });
  });

  it('goes from part to part by keyboard, and zooms in until bytes can be told apart', async () => {
    const { page } = await open(path);
    await map(page).focus();
    expect(await heading(page)).toBe('prelude');
    await page.keyboard.press('ArrowRight');
    expect(await heading(page)).toBe('header');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await heading(page)).toBe('levels/forest/tiles');
    await page.keyboard.press('ArrowLeft');
    expect(await heading(page)).toBe('padding');
    await page.keyboard.press('End');
    expect(await heading(page)).toBe('fonts/title');
    for (let i = 0; i < 30; i += 1) await page.keyboard.press('+');
    const close = await viewOf(page);
    expect(close.to - close.from).toBeLessThan(60);
    await page.keyboard.press('Home');
    expect(await heading(page)).toBe('prelude');
    expect((await viewOf(page)).from).toBeLessThan(32);
    await page.keyboard.press('0');
    expect(await viewOf(page)).toEqual({ from: 0, to: 792_192 });
  });

  it('moves the view from the overview, and to what was selected elsewhere', async () => {
    const { page } = await open(path);
    for (let i = 0; i < 4; i += 1) await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.locator('.overview').click({ position: { x: 1_000, y: 5 } });
    expect((await viewOf(page)).from).toBeGreaterThan(500_000);
    await page.locator('#assets tbody tr[role=row]').first().click();
    expect((await viewOf(page)).from).toBeLessThan(44_191);
    await page.getByRole('button', { name: 'To selection' }).click();
    const { from, to } = await viewOf(page);
    expect(to - from).toBeLessThan(80_000);
  });

  it('sorts by the heads of the table, in both directions and back', async () => {
    const { page } = await open(path);
    const size = page.getByRole('button', { name: 'Size' });
    const head = page.locator('th.size');
    expect(await head.getAttribute('aria-sort')).toBe('none');
    await size.click();
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect((await namesShown(page))[0]).toBe('menus/title');
    await size.focus();
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect((await namesShown(page))[0]).toBe('music/village');
    await page.keyboard.press('Enter');
    expect((await namesShown(page))[0]).toBe('levels/forest/tiles');
    // Assets without a slot come last both ways.
    await page.getByRole('button', { name: 'Slot' }).click();
    expect((await namesShown(page))[0]).toBe('music/forest');
    await page.getByRole('button', { name: 'Slot' }).click();
    expect((await namesShown(page))[0]).toBe('effects/step-stone');
  });

  it('filters by text and bank', async () => {
    const { page } = await open(path);
    await page.getByRole('searchbox').fill('HARBOUR');
    await page.getByText('6 of 49').waitFor();
    expect((await namesShown(page)).every((name) => name.includes('harbour'))).toBe(true);
    await page.getByRole('combobox', { name: 'Bank' }).selectOption('SOUNDS');
    await page.getByText('1 of 49').waitFor();
    expect(await namesShown(page)).toEqual(['music/harbour']);
    await page.getByRole('searchbox').fill('nothing has this name');
    await page.getByText('0 of 49').waitFor();
    expect(await namesShown(page)).toEqual([]);
  });

  it('goes through the table by keyboard', async () => {
    const { page } = await open(path);
    const grid = page.getByRole('grid');
    await grid.focus();
    expect(await grid.getAttribute('aria-rowcount')).toBe('50');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await grid.getAttribute('aria-activedescendant')).toBe('row-2');
    expect(await heading(page)).toBe('prelude');
    await page.keyboard.press('Enter');
    expect(await heading(page)).toBe('levels/forest/room-1');
    await page.keyboard.press('End');
    await page.locator('#row-48').waitFor();
    await page.keyboard.press('Enter');
    expect(await heading(page)).toBe('fonts/title');
    await page.keyboard.press('Home');
    await page.locator('#row-0').waitFor();
    expect(await grid.getAttribute('aria-activedescendant')).toBe('row-0');
  });

  it('opens groups of the treemap, and goes back', async () => {
    const { page } = await open(path);
    const way = page.getByRole('navigation', { name: 'Group shown' });
    const boxes = page.locator('.box');
    expect(await boxes.first().getAttribute('aria-label')).toBe(
      'SOUNDS, group of 12 assets, 353.0 KiB (361,500 bytes), 46.2 %',
    );
    await page.locator('.box[aria-label^="forest, group"]').first().focus();
    await page.keyboard.press('Enter');
    expect(await way.textContent()).toBe('all banksGLYPHlevelsforest');
    expect(await boxes.count()).toBe(2);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await heading(page)).toBe('levels/forest/objects');
    await page.keyboard.press('Escape');
    expect(await way.textContent()).toBe('all banksGLYPHlevels');
    await way.getByRole('button', { name: 'all banks' }).click();
    expect(await way.textContent()).toBe('all banks');
  });

  it('shows members, metadata, and the bytes of header entry and payload with their meaning', async () => {
    const { page } = await open(path);
    await page.getByRole('gridcell', { name: 'levels/forest/tiles', exact: true }).click();
    const details = (await page.locator('#details').textContent()) ?? '';
    expect(details).toContain('decoded_size67,584 (66.0 KiB)');
    expect(details).toContain('file bytes9,376 to 44,191');
    expect(details).toContain('"palette_count": 64');
    expect(details).toContain('/asset_table/0/asset_name = "levels/forest/tiles"T1');
    expect(details).toContain('index plane, 256 x 256 pixels of 4 bits, left one in the high halfB2');
    const rows = page.locator('#details .hex-row');
    expect(await rows.first().textContent()).toBe('0000307b{');
    const before = await rows.count();
    await page.getByRole('button', { name: 'Show more' }).click();
    expect(await rows.count()).toBe(before + 512);
  });

  it('shows the preload entry of an asset that has one', async () => {
    const { page } = await open(path);
    await selectAsset(page, 'effects/jump');
    expect(await page.locator('#details').textContent()).toContain('/preload/1/asset_id = 36L2');
  });

  it('can be operated without a pointer, with the focus in view', async () => {
    const { page } = await open(path);
    const reached: string[] = [];
    for (let i = 0; i < 24; i += 1) {
      await page.keyboard.press('Tab');
      const [name, outline] = await valueIn<[string, string]>(
        page,
        `(() => {
          const { activeElement: at } = document;
          const ring = at.closest('.scroller') ?? at;
          return [at.getAttribute('role') ?? at.className + at.tagName, getComputedStyle(at.role === 'grid' ? ring : at).outlineStyle];
        })()`,
      );
      reached.push(name);
      if (name !== 'BODY') expect(outline, name).not.toBe('none');
    }
    for (const wanted of ['application', 'grid', 'themeBUTTON']) expect(reached).toContain(wanted);
    expect(reached.filter((name) => name.startsWith('box'))).toHaveLength(1);
  });

  it('is light or dark as the system is, and as the button says', async () => {
    const { page } = await open(path, { colorScheme: 'dark' });
    const ground = () => valueIn(page, 'getComputedStyle(document.body).backgroundColor');
    expect(await ground()).toBe('rgb(22, 25, 29)');
    await page.getByRole('button', { name: 'Light colours' }).click();
    expect(await ground()).toBe('rgb(255, 255, 255)');
    await page.getByRole('button', { name: 'Dark colours' }).click();
    expect(await ground()).toBe('rgb(22, 25, 29)');
  });

  it.each([1280, 400])('fits a window %d wide', async (width) => {
    const { page } = await open(path, { viewport: { width, height: 800 } });
    await page.getByRole('gridcell', { name: 'levels/forest/tiles', exact: true }).click();
    expect(await valueIn(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const wide = "[...document.querySelectorAll('.hex-row')].filter((row) => row.scrollWidth > row.clientWidth).length";
    expect(await valueIn(page, wide)).toBe(0);
  });

  it('has enough contrast in both colour schemes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open(path, { colorScheme });
      expect(await faintTexts(page)).toEqual([]);
    }
  });
});
