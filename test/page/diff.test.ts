/** The page about two files: maps with ribbons, the union of the tables, members and bytes side by side. */
import { beforeAll, expect, it } from 'vitest';
import { noise, temporaryFolders } from '../support/packing.js';
import { faintTexts, selectAsset, valueIn } from './browser.js';
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

  it('shows by bank and name what became of each asset, with its size', async () => {
    const { page } = await open(path);
    const boxes = page.locator('.box');
    expect(
      await page.getByRole('list', { name: 'Colours of the treemap' }).getByRole('listitem').allTextContents(),
    ).toEqual(['= same', 'M moved', 'C changed', 'A added', 'R removed']);
    const labels = await boxes.evaluateAll((all) => all.map((box) => box.getAttribute('aria-label')));
    expect(labels[0]).toBe(
      'SOUNDS, group of 13 assets, 1 same, 10 moved, 1 changed, 1 added, 392.5 KiB (401,940 bytes), 48.8 %',
    );
    expect(labels).toContain('asset 13 music/harbour, SOUNDS, changed, 60.0 KiB (61,440 bytes), 7.5 %');
    expect(labels).toContain('asset 18 levels/mines/room-2, SCENE, removed, 6.1 KiB (6,200 bytes), 0.8 %');
    expect(labels).toContain('asset 200 music/credits, SOUNDS, added, 35.2 KiB (36,000 bytes), 4.4 %');
    expect(await boxes.first().textContent()).toBe('SOUNDSA 1C 1M 10392.5 KiB');
    expect(await page.locator('.box[aria-label*="music/harbour,"]').textContent()).toBe('Charbour');
  });

  it('gives a rectangle the colour and pattern that the legend says', async () => {
    const { page } = await open(path);
    for (const [status, name] of Object.entries({
      moved: 'music/mines',
      changed: 'music/harbour',
      added: 'music/credits',
    })) {
      const looks = (element: string) =>
        valueIn<string[]>(
          page,
          `(({ backgroundColor, backgroundImage }) => [backgroundColor, backgroundImage.split('(')[0]])(getComputedStyle(${element}))`,
        );
      const item = `[...document.querySelectorAll('#treemap .legend li')].find((each) => each.textContent.endsWith('${status}'))`;
      const box = await looks(`document.querySelector('.box[aria-label*="${name},"]')`);
      expect(box, status).toEqual(await looks(`${item}.firstChild`));
      expect(box[1]).toMatch(/gradient$/);
    }
  });

  it('selects in the treemap, by pointer and by keyboard', async () => {
    const { page } = await open(path);
    const heading = page.locator('#details h3');
    await page.locator('.box[aria-label*="levels/mines/room-2,"]').click();
    expect(await heading.textContent()).toBe('levels/mines/room-2');
    expect(await page.locator('tr[aria-selected="true"] .name').textContent()).toBe('levels/mines/room-2');
    expect(await page.getByRole('status').last().textContent()).toContain('file A');
    await page.locator('.box[aria-label^="village, group"]').first().focus();
    await page.keyboard.press('Enter');
    const way = page.getByRole('navigation', { name: 'Group shown' });
    expect(await way.textContent()).toBe('all banksGLYPHlevelsvillage');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    expect(await heading.textContent()).toBe('levels/village/tiles');
    expect(await page.locator('.box[aria-current]').getAttribute('aria-label')).toContain('tiles, GLYPH, changed');
    await page.keyboard.press('Escape');
    expect(await way.textContent()).toBe('all banksGLYPHlevels');
  });

  it('does not lose a small change in a group of many', async () => {
    const assets = (size: number) =>
      Array.from({ length: 4_000 }, (_, i) =>
        plain(i, `${i % 2 === 0 ? 'even' : 'odd'}/${i}`, 'SCENE', i === 6 ? size : 20),
      );
    const { page } = await open(
      await diffPage(newFolder(), await artifactOf(assets(20)), await artifactOf(assets(21))),
    );
    const even = page.locator('.box[aria-label^="even, group of 2,000 assets, 3 same, 1,996 moved, 1 changed,"]');
    expect(await even.locator('b').allTextContents()).toEqual(['C 1', 'M 1,996']);
    const stripes = await even.evaluate((box) => box.style.backgroundImage);
    const stops = [...stripes.matchAll(/var\(--(\w+)\) .*? ([\d.]+)%(?=,|\)$)/g)];
    expect(stops.map(([, name]) => name)).toEqual(['same', 'moved', 'changed']);
    expect(Number(stops[1]?.[2])).toBeLessThan(94);
    expect(Number(stops[2]?.[2])).toBe(100);
  });

  it('has enough contrast in both colour schemes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open(path, { colorScheme });
      expect(await faintTexts(page)).toEqual([]);
    }
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
