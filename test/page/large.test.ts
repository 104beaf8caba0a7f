/** A page about many assets: its figures are printed, and decide nothing. */
import { expect, it } from 'vitest';
import type { AssetInput } from '../../src/index.js';
import { temporaryFolders } from '../support/packing.js';
import { valueIn } from './browser.js';
import { artifactOf, diffPage, inspectPage, plain } from './make.js';
import { browserSuite } from './suite.js';

const newFolder = temporaryFolders();
const COUNT = 100_000;
const METADATA = { loop: true, channels: 2, rate: 44_100, author: 'someone', tags: ['day', 'rain'] };

/** Assets; some of them with other metadata. */
function manyAssets(isOther: (i: number) => boolean): AssetInput[] {
  return Array.from({ length: COUNT }, (_, i) =>
    plain(i, `levels/zone-${i % 50}/room-${i % 977}/sprite-${i}`, i % 2 === 0 ? 'SOUNDS' : 'SCENE', 100 + (i % 300), {
      metadata: isOther(i) ? { ...METADATA, rate: 22_050 } : METADATA,
    }),
  );
}

browserSuite('a page about 100,000 assets', (open) => {
  it('opens, sorts, filters and selects', async () => {
    const path = await inspectPage(newFolder(), await artifactOf(manyAssets(() => false)));
    const { page, elapsed } = await open(path);
    console.log(`${COUNT} assets: the page opens in ${(elapsed / 1_000).toFixed(2)} s`);
    expect(elapsed).toBeLessThan(15_000);
    expect(await page.locator('.box').count()).toBeLessThan(1_000);
    expect(await valueIn(page, "document.querySelectorAll('*').length")).toBeLessThan(3_000);
    await page.getByRole('button', { name: 'Size' }).click();
    await page.getByRole('button', { name: 'Size' }).click();
    expect(await page.locator('#assets td.size').first().textContent()).toBe('399');
    await page.getByRole('searchbox').fill('sprite-99999');
    await page.getByText('1 of 100,000').waitFor();
    await page.locator('#row-0').click();
    expect(await page.locator('#details h3').textContent()).toBe('levels/zone-49/room-345/sprite-99999');
    expect(await page.locator('#details').textContent()).toContain('/asset_table/99999/asset_id = 99999');
    await page.getByRole('application').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('#details h3').textContent()).toBe('levels/zone-48/room-344/sprite-99998');
  });

  it('opens in comparison with others', async () => {
    const later = manyAssets((i) => i % 500 === 3).filter((_, i) => i % 5_000 !== 7);
    const path = await diffPage(newFolder(), await artifactOf(manyAssets(() => false)), await artifactOf(later));
    const { page, elapsed } = await open(path);
    await page.locator('.box').first().waitFor();
    console.log(`${COUNT} and ${later.length} assets: the page opens in ${(elapsed / 1_000).toFixed(2)} s`);
    expect(elapsed).toBeLessThan(15_000);
    expect(await page.locator('.box').count()).toBeLessThan(1_000);
    expect(await page.locator('.box').first().getAttribute('aria-label')).toMatch(
      /^SCENE, group of 50,000 assets, 2 same, 49,778 moved, 200 changed, 20 removed, /,
    );
  });
});
