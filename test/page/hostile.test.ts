/** Artifacts that want to do something to the page, and artifacts that are broken. */
import { beforeAll, expect, it } from 'vitest';
import { noise, temporaryFolders, utf8 } from '../support/packing.js';
import { valueIn } from './browser.js';
import { artifactOf, diffPage, gameAssets, inspectPage, plain } from './make.js';
import { browserSuite, TIMEOUT } from './suite.js';

const newFolder = temporaryFolders();

const NAMES = [
  '<img src=x onerror="window.hit=1;alert(1)">',
  '</script><script>window.hit=1;alert(2)</script>',
  '"><svg onload="window.hit=1">',
  "' autofocus onfocus=window.hit=1 x='",
  'javascript:window.hit=1',
  '{{constructor.constructor("window.hit=1")()}}',
  '<!--<script>',
  '&lt;b&gt;&amp;&#x3c;',
  '__proto__',
  'constructor/__proto__/toString',
  'abc\u202edcba gpj.exe',
  '\u2067\u05e9\u05dc\u05d5\u05dd\u2069 \u0645\u0631\u062d\u0628\u0627',
  '\u{1f3ae}\u{1f469}\u200d\u{1f680} level',
  'e\u0301'.repeat(50),
  `${'x'.repeat(4_092)}/end`.slice(0, 4_096),
  `${'a/'.repeat(2_047)}b`,
  '/',
  ' ',
];

browserSuite('a page about a hostile artifact', (open) => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await artifactOf(
      NAMES.map((name, i) =>
        plain(i, name, i % 2 === 0 ? 'SOUNDS' : 'SCENE', 64 + i, {
          metadata: { [name]: name, list: [name], __proto__x: { __proto__: null, '</style><script>': name } },
        }),
      ),
    );
  }, TIMEOUT);

  it('shows names, metadata and paths as text, and makes nothing of them', async () => {
    const { page } = await open(await inspectPage(newFolder(), bytes, '"><img src=x onerror="window.hit=1">\u202e.pa'));
    expect(await page.getByRole('banner').textContent()).toContain('"><img src=x onerror="window.hit=1">\u202e.pa');
    // Of what is not there yet, details make headings and a block for metadata.
    const known = ['h4', 'pre'];
    const tags = () =>
      valueIn<string[]>(page, "[...new Set([...document.querySelectorAll('*')].map((e) => e.localName))].sort()");
    const harmless = await tags();
    for (const [i, name] of NAMES.entries()) {
      await page.locator(`#row-${i}`).click();
      expect(await page.locator('#details h3').textContent()).toBe(name);
      expect(await page.locator(`#row-${i} td.name`).textContent()).toBe(name);
      const metadata = JSON.parse((await page.locator('.metadata').textContent()) ?? '');
      expect(metadata.list).toEqual([name]);
    }
    expect(await page.locator('img, iframe, object, embed, link').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(2);
    expect((await tags()).filter((tag) => ![...harmless, ...known].includes(tag))).toEqual([]);
    expect(await valueIn(page, 'typeof window.hit')).toBe('undefined');
    expect(await page.locator('[onerror], [onload], [onfocus], [onclick]').count()).toBe(0);
  });

  it('keeps a row that is pressed while the table comes to rest', async () => {
    const { page } = await open(await inspectPage(newFolder(), bytes));
    const last = page.locator(`#row-${NAMES.length - 1}`);
    await last.scrollIntoViewIfNeeded();
    await last.hover();
    await page.locator('#assets .scroller').evaluate((scroller) => scroller.scrollBy(0, -1));
    await page.waitForTimeout(50);
    await page.mouse.down();
    await page.waitForTimeout(500);
    await page.mouse.up();
    expect(await page.locator('#details h3').textContent()).toBe(NAMES.at(-1));
  });

  it('keeps the direction of a name to the name', async () => {
    const { page } = await open(await inspectPage(newFolder(), bytes));
    const isolated =
      "[...document.querySelectorAll('#assets td.name > *')].every((e) => getComputedStyle(e).unicodeBidi === 'isolate')";
    expect(await valueIn(page, isolated)).toBe(true);
    await page.locator('#row-10').click();
    expect(await page.locator('#details dl').textContent()).toContain('spelledabc\\u202edcba gpj.exe');
  });

  it('opens groups whose names are hostile', async () => {
    const { page } = await open(await inspectPage(newFolder(), bytes));
    await page.locator('.box.group').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.box').count()).toBeGreaterThan(3);
    await page.keyboard.press('Escape');
    expect(await valueIn(page, 'typeof window.hit')).toBe('undefined');
  });

  it('fits a narrow window with the longest names', async () => {
    const { page } = await open(await inspectPage(newFolder(), bytes), { viewport: { width: 400, height: 800 } });
    for (const i of [13, 14, 15]) {
      await page.locator(`#row-${i}`).click();
      expect(await valueIn(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
    }
  });

  it('compares hostile artifacts', async () => {
    const other = await artifactOf(
      NAMES.map((name, i) => plain(i, `${name}!`.slice(0, 4_000), 'SCENE', 65 + i, { metadata: { a: name } })),
    );
    const { page } = await open(await diffPage(newFolder(), bytes, other));
    for (const i of [0, 1, 2, 10]) await page.locator(`#row-${i}`).click();
    expect(await page.locator('img, iframe').count()).toBe(0);
    expect(await valueIn(page, 'typeof window.hit')).toBe('undefined');
  });
});

/** An artifact whose header is another, of any length. */
function withHeader(text: string, payload = 0): Uint8Array {
  const header = utf8(text);
  const bytes = new Uint8Array(32 + header.length + payload);
  const view = new DataView(bytes.buffer);
  bytes.set(utf8('ASPA'));
  view.setUint32(4, 1, true);
  view.setUint32(8, header.length, true);
  view.setUint32(12, 32 + header.length, true);
  bytes.set(header, 32);
  bytes.set(noise(payload), 32 + header.length);
  return bytes;
}

function entry(id: number, offset: number, size: number): object {
  return {
    asset_id: id,
    asset_name: `asset-${id}`,
    bank_type: 'SOUNDS',
    codec: 'NONE',
    decoded_size: size,
    metadata: {},
    offset,
    size,
  };
}

function headerOf(...table: object[]): string {
  return JSON.stringify({ asset_table: table, preload: [] });
}

browserSuite('a page about a broken artifact', (open) => {
  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'PRELUDE_TRUNCATED'],
    ['five bytes', utf8('ASPA\u0001'), 'PRELUDE_TRUNCATED'],
    ['another file', noise(4_000), 'PRELUDE_MAGIC'],
    ['a header that is no JSON', withHeader('{"asset_table":[{"asset_id":1,,"x":2}]  ', 20), 'HEADER_NOT_JSON'],
    [
      'a header that is no UTF-8',
      withHeader('{"asset_table":[],"preload":[]}\u0000', 3).map((b, i) => (i === 40 ? 0xff : b)),
      'HEADER_NOT_UTF8',
    ],
    ['an empty table', withHeader(headerOf()), ''],
    ['a slice out of bounds', withHeader(headerOf(entry(1, 0, 10), entry(2, 10, 500)), 10), 'SLICE_BOUNDS'],
    ['slices over one another', withHeader(headerOf(entry(1, 0, 10), entry(2, 5, 15)), 20), 'SLICE_LAYOUT'],
    ['one id twice', withHeader(headerOf(entry(1, 0, 10), entry(1, 10, 10)), 20), 'ASSET_ID_DUPLICATE'],
    [
      'entries of a wrong shape',
      withHeader('{"asset_table":[7,{"asset_id":"x"},null],"preload":[{}]}', 5),
      'HEADER_SHAPE',
    ],
    [
      'deep nesting',
      withHeader(`{"asset_table":${'['.repeat(3_000)}${']'.repeat(3_000)},"preload":[]}`),
      'HEADER_TOO_DEEP',
    ],
  ])('opens on %s, and leads to each byte that is wrong', async (_, bytes, code) => {
    const { page } = await open(await inspectPage(newFolder(), bytes));
    expect(await page.getByRole('banner').textContent()).toContain(code === '' ? 'clean' : 'error');
    if (code !== '') expect(await page.locator('#diagnostics').textContent()).toContain(code);
    for (const link of await page.locator('#diagnostics .place').all()) {
      await link.click();
      const marked = page.locator('#details .hex-bytes mark');
      expect(await marked.count()).toBe(1);
      expect(await page.locator('#details h3').textContent()).toMatch(/^byte [\d,]+, in /);
    }
    await page.getByRole('application').focus();
    for (const key of ['End', 'ArrowLeft', 'ArrowRight', '+', 'Home', '-']) await page.keyboard.press(key);
    expect(await valueIn(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(1280);
  });

  it('moves the map to the byte, and names the asset', async () => {
    const bytes = await artifactOf(gameAssets());
    // The first digit of the size of one entry.
    const at = Buffer.from(bytes).indexOf('"size":48000') + 7;
    const { page } = await open(
      await inspectPage(
        newFolder(),
        bytes.map((byte, i) => (i === at ? 0x39 : byte)),
      ),
    );
    await page.locator('#diagnostics .place').first().click();
    expect(await page.locator('#details .hex-bytes mark').count()).toBe(1);
    const { from, to } = await valueIn<{ from: string; to: string }>(
      page,
      "({ ...document.querySelector('.map').dataset })",
    );
    expect(Number(to) - Number(from)).toBeLessThan(40_000);
    await page.getByRole('button', { name: /^Show asset / }).click();
    expect(await page.locator('#details h3').textContent()).toMatch(/\//);
  });
});
