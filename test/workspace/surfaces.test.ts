/** Versions of the documents of a project: looked at first, migrated within the window. */
import { describe, expect, it } from 'vitest';
import { Diagnostics } from '../../src/errors.js';
import { DocumentReport } from '../../src/workspace/document-report.js';
import { DECLARATION, parseSurface, type Surface } from '../../src/workspace/surfaces.js';
import { utf8 } from '../support/packing.js';

/** A surface of which version 1 called its member `old`. */
const SURFACE: Surface = {
  ...DECLARATION,
  migrations: new Map([[1, ({ old, ...rest }) => ({ ...rest, schema_version: 2, now: old ?? null })]]),
};

/** What a text becomes, and the faults. */
function parsed(text: string, surface = SURFACE): { tree: unknown; found: string[]; offsets: unknown[] } {
  const report = new DocumentReport('asset.json');
  const tree = parseSurface(utf8(text), surface, report);
  report.at('DECLARATION_INVALID', '/now', { what: 'a fault' });
  const all = new Diagnostics();
  report.flush(all, utf8(text));
  const list = all.list.filter(({ message }) => message !== 'a fault');
  const offsets = all.list.filter(({ message }) => message === 'a fault').map(({ where }) => where.offset);
  return { tree, found: list.map(({ code, actual }) => `${code} ${actual ?? ''}`), offsets };
}

describe('a document', () => {
  it('of this version is taken as it is', () => {
    expect(parsed('{"schema_version":2,"now":1}')).toEqual({
      tree: { schema_version: 2, now: 1 },
      found: [],
      offsets: [26],
    });
  });

  it('of an older version of the window is migrated; places in its text are not told', () => {
    expect(parsed('{"schema_version":1,"old":7}')).toEqual({
      tree: { schema_version: 2, now: 7 },
      found: [],
      offsets: [undefined],
    });
  });

  it.each(['{"schema_version":3,"now":', '{"schema_version":0}', '{"schemaVersion":4}'])(
    '%s is refused for its version alone',
    (text) => {
      const { tree, found } = parsed(text);
      expect(tree).toBeUndefined();
      expect(found).toEqual([expect.stringMatching(/^VERSION_UNSUPPORTED [034]$/)]);
    },
  );

  it('without a step from its version is refused', () => {
    expect(parsed('{"schema_version":1}', DECLARATION).found).toEqual(['VERSION_UNSUPPORTED 1']);
  });
});
