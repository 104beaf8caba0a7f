/** Versions of the documents of a project: looked at before all else, within a window. */
import { describe, expect, it } from 'vitest';
import { Diagnostics } from '../../src/errors.js';
import { DocumentReport } from '../../src/workspace/document-report.js';
import { DECLARATION, parseSurface, REGISTRY } from '../../src/workspace/surfaces.js';
import { utf8 } from '../support/packing.js';

/** What a text becomes, and the faults. */
function parsed(text: string, surface = DECLARATION) {
  const report = new DocumentReport('asset.json');
  const found = parseSurface(utf8(text), surface, report);
  const all = new Diagnostics();
  report.flush(all, utf8(text));
  return { found, list: all.list };
}

describe.each([DECLARATION, REGISTRY])('$artifact', (surface) => {
  it.each([1, 2])('of version %i is within the window', (version) => {
    const text = `{"schema_version":${version},"x":7}`;
    expect(parsed(text, surface)).toEqual({ found: { tree: JSON.parse(text), version }, list: [] });
  });

  it('without a version is judged as this one', () => {
    expect(parsed('{}', surface)).toEqual({ found: { tree: {}, version: 2 }, list: [] });
  });

  it.each(['{"schema_version":3,"now":', '{"schema_version":0}', '{"schemaVersion":4}', '{"schema_version":-1}'])(
    '%s is refused for its version alone',
    (text) => {
      const { found, list } = parsed(text, surface);
      expect(found).toBeUndefined();
      const version = Number(/-?\d/.exec(text)?.[0]);
      const { artifact, blocks } = surface;
      expect(list).toMatchObject([
        {
          code: 'VERSION_UNSUPPORTED',
          details: { artifact, found: version, supported: { min: 1, max: 2 }, migration: 'not attempted', blocks },
        },
      ]);
      expect(list[0]?.message).toContain(`expected 1 to 2, got ${version}`);
    },
  );
});
