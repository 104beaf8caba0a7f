/** The document around a page's script and data, and the parts of the page that need no browser. */
import { describe, expect, it } from 'vitest';
import { columnClasses, eachRun } from '../../src/page/columns.js';
import type { Part } from '../../src/read/parts.js';
import { pageHtml } from '../../src/report/page.js';

const SOURCES = { script: 'start()', scriptHash: 'aGFzaA==', style: 'p{}', data: 'AAAA' };

describe('the document of a page', () => {
  it('lets the one script run and nothing be fetched', () => {
    const html = pageHtml(SOURCES);
    expect(html).toContain(`default-src 'none'; script-src 'sha256-aGFzaA=='`);
    expect(html).not.toMatch(/https?:/);
    expect(html).toContain('<noscript>');
    expect(html).toContain('<script type="application/octet-stream" id="data">AAAA</script>');
  });

  it('refuses sources that would end their element', () => {
    for (const script of ['"</script>"', '"</SCRIPT "', '"<!--"']) {
      expect(() => pageHtml({ ...SOURCES, script })).toThrow(TypeError);
    }
    expect(() => pageHtml({ ...SOURCES, style: '</style>' })).toThrow(TypeError);
    expect(() => pageHtml({ ...SOURCES, data: '<b>' })).toThrow(TypeError);
  });
});

describe('the columns of a map', () => {
  const parts: Part[] = [
    { kind: 'prelude', start: 0, end: 32 },
    { kind: 'header', start: 32, end: 100 },
    { kind: 'payload', start: 100, end: 101, index: 0 },
    { kind: 'payload', start: 101, end: 200, index: 1 },
  ];
  const classOf = (part: Part): number => parts.indexOf(part);

  it('have the class with the most bytes in them', () => {
    expect([...columnClasses(parts, classOf, { from: 0, to: 200 }, 4)]).toEqual([0, 1, 3, 3]);
    expect([...columnClasses(parts, classOf, { from: 99, to: 103 }, 4)]).toEqual([1, 2, 3, 3]);
  });

  it('add up the bytes of a class that other parts interrupt', () => {
    const mixed = (part: Part): number => (part.start === 100 || part.start === 32 ? 7 : 8);
    expect([...columnClasses(parts, mixed, { from: 0, to: 120 }, 1)]).toEqual([7]);
  });

  it('show nothing past the end of the file, and bytes wider than a column', () => {
    expect([...columnClasses(parts, classOf, { from: 190, to: 230 }, 4)]).toEqual([3, -1, -1, -1]);
    expect([...columnClasses(parts, classOf, { from: 100, to: 102 }, 6)]).toEqual([2, 2, 2, 3, 3, 3]);
  });

  it('are drawn run by run', () => {
    const runs: number[][] = [];
    eachRun(Int8Array.of(1, 1, -1, 2), (...run) => runs.push(run));
    expect(runs).toEqual([
      [0, 2, 1],
      [3, 4, 2],
    ]);
  });
});
