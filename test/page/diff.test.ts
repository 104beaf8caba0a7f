/** The page about two files: maps with ribbons, the union of the tables, members and bytes side by side. */
import { beforeAll, expect, it } from 'vitest';
import { noise, temporaryFolders } from '../support/packing.js';
import { selectAsset, valueIn } from './browser.js';
import { artifactOf, diffPage, gameAssets, laterAssets, plain } from './make.js';
import { browserSuite, TIMEOUT } from './suite.js';

const newFolder = temporaryFolders();

browserSuite('the page of diff', (open) => {
  let path: string;
  let first: Uint8Array;
  beforeAll(async () => {
    first = await artifactOf(gameAssets(), 16);
    path = await diffPage(newFolder(), first, await artifactOf(laterAssets(), 16));
  }, TIMEOUT);

  it('says what differs, in the whole', async () => {
    const { page } = await open(path);
    const text = (await page.locator('#differences').textContent()) ?? '';
    expect(text).toContain('The files differ.');
    for (const count of ['= same 10', 'M moved 35', 'C changed 3', 'A added 1', 'R removed 1'])
      expect(text).toContain(count);
    expect(text).toContain('header_len9,3309,296');
  });

  it('lists the assets of both files with their status, and filters by it', async () => {
    const { page } = await open(path);
    const status = page.getByRole('combobox', { name: 'Status' });
    const names = () => page.locator('#assets td.name').allTextContents();
    await status.selectOption('changed');
    expect(await names()).toEqual(['levels/forest/room-2', 'music/harbour', 'levels/village/tiles']);
    await status.selectOption('added');
    expect(await names()).toEqual(['music/credits']);
    await status.selectOption('removed');
    expect(await names()).toEqual(['levels/mines/room-2']);
    expect(await page.locator('#assets tbody td').allTextContents()).toEqual([
      '18',
      'levels/mines/room-2',
      'R removed',
      '6,200',
      '',
      '274,896',
      '',
      'SCENE',
    ]);
    await status.selectOption('');
    await page.getByText('50 of 50').waitFor();
    await page.getByRole('button', { name: 'Status' }).click();
    expect((await names())[0]).toBe('music/credits');
  });

  it('shows members from old to new', async () => {
    const { page } = await open(path);
    await selectAsset(page, 'levels/forest/room-2');
    const changed = page.locator('#details tr.changed');
    expect(await changed.count()).toBe(1);
    expect(await changed.textContent()).toContain('metadatachanged');
    expect(await changed.textContent()).toContain('"height": 30');
    expect(await changed.textContent()).toContain('"height": 32');
    expect(await page.locator('#details').textContent()).toContain('The payloads are equal.');
  });

  it('shows both payloads around the first byte that differs, and marks those that do', async () => {
    const { page } = await open(path);
    await selectAsset(page, 'levels/village/tiles');
    expect(await page.locator('#details').textContent()).toContain(
      '6 bytes differ, the first at 1,000 of the payload.',
    );
    expect(await page.locator('.pair').count()).toBe(16);
    const marked = await page.locator('.pair-cell:nth-child(2) .hex-bytes mark').allTextContents();
    expect(marked).toEqual(['01 02 03 04', '05 06']);
    await page.getByRole('button', { name: 'Show more' }).click();
    expect(await page.locator('.pair').count()).toBe(144);
  });

  it('shows the one payload of an asset that one file alone has', async () => {
    const { page } = await open(path);
    await selectAsset(page, 'music/credits');
    expect(await page.locator('.pair-cell:nth-child(1)').first().textContent()).toBe('no bytes');
    expect(await page.locator('.pair-cell:nth-child(2) .hex-offset').first().textContent()).toContain('B ');
    expect(await page.locator('#details mark').count()).toBe(0);
  });

  it('goes along one map and across to the other by keyboard', async () => {
    const { page } = await open(path);
    await selectAsset(page, 'music/mines');
    await page.getByRole('application').focus();
    const said = () => page.getByRole('status').last().textContent();
    const before = await said();
    await page.keyboard.press('ArrowUp');
    expect(await said()).toContain('music/mines');
    expect(await said()).toContain('file A');
    await page.keyboard.press('ArrowDown');
    expect(await said()).toContain('file B');
    expect(before).toContain('music/mines');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#details h3').textContent()).toBe('levels/tower/tiles');
  });

  it('leads to the first byte that differs, in either file', async () => {
    const { page } = await open(path);
    expect(await page.locator('#differences').textContent()).toContain(
      'The files differ from byte 8 of A and byte 8 of B',
    );
    await page.getByRole('button', { name: 'byte 8 of A' }).click();
    expect(await page.locator('#details h3').textContent()).toBe('byte 8 of file A, in prelude');
    expect(await page.locator('#details .hex-bytes mark').textContent()).toBe('72');
    await page.getByRole('button', { name: 'byte 8 of B' }).click();
    expect(await page.locator('#details .hex-bytes mark').textContent()).toBe('50');
  });

  it('says that equal files are equal', async () => {
    const { page } = await open(await diffPage(newFolder(), first, first));
    expect(await page.locator('#differences').textContent()).toContain('The files are equal, byte for byte.');
    expect(await page.locator('#details h3').textContent()).toBe('prelude, file A');
  });

  it('shows changes of slots, and of bytes that are no payload', async () => {
    const assets = (slot: number) => [
      plain(1, 'one', 'SOUNDS', 20, { preload: { slot } }),
      plain(2, 'two', 'SCENE', 33),
    ];
    const { page } = await open(await diffPage(newFolder(), await artifactOf(assets(3)), await artifactOf(assets(4))));
    expect(await page.locator('#differences').textContent()).toContain('Preload slotsAssetABasset 1 one34');
    const bytes = await artifactOf(assets(3), 64);
    const patched = bytes.slice();
    patched[bytes.length - 34] = 7;
    const { page: second } = await open(await diffPage(newFolder(), bytes, patched));
    expect(await second.locator('#differences').textContent()).toContain('1 byte outside the payloads differ');
    await second.getByRole('button', { name: /of B$/ }).last().click();
    expect(await second.locator('#details .hex-bytes mark').textContent()).toBe('07');
  });

  it('compares what is broken as far as it can be read', async () => {
    const bytes = await artifactOf([plain(1, 'one', 'SOUNDS', 200), plain(2, 'two', 'SCENE', 300)]);
    const { page } = await open(await diffPage(newFolder(), bytes, bytes.subarray(0, bytes.length - 10)));
    expect(await page.locator('#differences').textContent()).toContain('Payloads that were not compared');
    expect(await page.locator('#diagnostics').textContent()).toContain('SLICE_BOUNDS');
    await page.getByRole('combobox', { name: 'Status' }).selectOption('not compared');
    expect(await page.locator('#assets td.name').allTextContents()).toEqual(['two']);
    const { page: junk } = await open(await diffPage(newFolder(), bytes, noise(500)));
    expect(await junk.locator('#differences').textContent()).toContain('the header of B');
  });

  it.each([1280, 400])('fits a window %d wide', async (width) => {
    const { page } = await open(path, { viewport: { width, height: 800 } });
    await selectAsset(page, 'levels/village/tiles');
    expect(await valueIn(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const wide = "[...document.querySelectorAll('.hex-row')].filter((row) => row.scrollWidth > row.clientWidth).length";
    expect(await valueIn(page, wide)).toBe(0);
    const isBeside = "(([a, b]) => a.offsetTop === b.offsetTop)(document.querySelectorAll('.pair-cell'))";
    expect(await valueIn(page, isBeside)).toBe(width === 1280);
  });
});
