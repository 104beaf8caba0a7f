import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetInput } from '../../src/plan/model.js';
import { faults, judge } from '../support/plan-text.js';

type Wish = Pick<AssetInput, 'assetId' | 'bankType'> & { readonly preload?: { readonly slot?: number } };

const wish: fc.Arbitrary<Wish> = fc.record(
  {
    assetId: fc.nat(300),
    bankType: fc.constantFrom('GLYPH' as const, 'SOUNDS' as const, 'SCENE' as const),
    preload: fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      { weight: 2, arbitrary: fc.record({ slot: fc.nat(15) }) },
    ),
  },
  { requiredKeys: ['assetId', 'bankType'] },
);

/** Any order of ids; up to 80 assets, so that banks overflow. */
const wishes = (maxLength: number) =>
  fc.uniqueArray(wish, { selector: ({ assetId }) => assetId, maxLength, size: 'max' });

const GLYPH = { width: 8, height: 8, tile_size: 8, palette_count: 64 };

function planOf(list: readonly Wish[]) {
  const assets = list.map((each) => ({
    ...each,
    assetName: `a${each.assetId}`,
    metadata: each.bankType === 'GLYPH' ? GLYPH : {},
    inline: new Uint8Array(each.bankType === 'GLYPH' ? 2_080 : 0),
  }));
  return { schemaVersion: 1 as const, assets };
}

/** L6, word by word, slot by slot. */
function model(list: readonly Wish[]) {
  const preload: { assetId: number; slot: number }[] = [];
  const faulty: string[] = [];
  for (const bank of ['GLYPH', 'SOUNDS', 'SCENE']) {
    const members = list.filter(({ bankType, preload: asked }) => bankType === bank && asked !== undefined);
    const named = new Set(members.map((each) => each.preload?.slot));
    const held = new Set<number>();
    for (const each of members.sort((a, b) => a.assetId - b.assetId)) {
      const slots = Array.from({ length: 16 }, (_, slot) => slot);
      const slot = each.preload?.slot ?? slots.find((free) => !named.has(free) && !held.has(free));
      const isFree = slot !== undefined && !held.has(slot);
      if (isFree) {
        held.add(slot);
        preload.push({ assetId: each.assetId, slot });
      } else faulty.push(`/assets/${list.indexOf(each)}/preload${each.preload?.slot === undefined ? '' : '/slot'}`);
    }
  }
  return { preload: preload.sort((a, b) => a.assetId - b.assetId), faulty };
}

describe('slots (L4-L6)', () => {
  // Of short plans one in forty has two assets that want the same slot.
  it.each([
    [8, 1_000],
    [24, 150],
    [80, 150],
  ])('are what the rule says, slot by slot: up to %i assets', (maxLength, numRuns) => {
    const seen = { clean: 0, faulty: 0 };
    fc.assert(
      fc.property(wishes(maxLength), (list) => {
        const { preload, faulty } = model([...list]);
        const { draft, diagnostics } = judge(planOf(list));
        expect(
          faults(diagnostics)
            .map(([code, plan]) => `${code} ${plan}`)
            .sort(),
        ).toEqual(faulty.map((at) => `PRELOAD_SLOT_TAKEN ${at}`).sort());
        if (faulty.length === 0) expect(draft?.preload).toEqual(preload);
        seen[faulty.length === 0 ? 'clean' : 'faulty'] += 1;
      }),
      { numRuns },
    );
    expect(seen.clean).toBeGreaterThan(0);
    expect(seen.faulty).toBeGreaterThan(0);
  });

  it('do not depend on the order of the plan', () => {
    fc.assert(
      fc.property(wishes(16), (list) => {
        const back = judge(planOf(list.toReversed()));
        const there = judge(planOf(list));
        const ids = ({ diagnostics }: typeof there) =>
          diagnostics.map(({ code, asset_id: id }) => `${code} ${id}`).sort();
        expect(ids(back)).toEqual(ids(there));
        if (there.diagnostics.length === 0) expect(back.draft?.preload).toEqual(there.draft?.preload);
      }),
    );
  });

  it('the example of the documentation', () => {
    const list: Wish[] = [
      { assetId: 1, bankType: 'GLYPH', preload: {} },
      { assetId: 2, bankType: 'GLYPH', preload: {} },
      { assetId: 3, bankType: 'SOUNDS', preload: {} },
      { assetId: 4, bankType: 'GLYPH', preload: { slot: 1 } },
    ];
    expect(judge(planOf(list)).draft?.preload).toEqual([
      { assetId: 1, slot: 0 },
      { assetId: 2, slot: 2 },
      { assetId: 3, slot: 0 },
      { assetId: 4, slot: 1 },
    ]);
  });
});
