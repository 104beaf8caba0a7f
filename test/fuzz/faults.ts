/** Faults for the program that is fuzzed, each in one place: the oracles have to notice every one. */
import type { Change } from './load.ts';

/** A fault, and the target whose kept inputs show it. */
export interface Fault extends Change {
  readonly name: string;
  readonly target: string;
}

/** The faults. */
export const faults: readonly Fault[] = [
  {
    name: 'UTF-8 in more bytes than it needs is taken',
    target: 'artifact',
    file: 'codec/utf8.ts',
    find: 'lead === 0xe0 ? 0xa0 : 0x80',
    replace: '0x80',
  },
  {
    name: 'a bare control character is taken in a string',
    target: 'json',
    file: 'codec/json.ts',
    find: 'c === undefined || c < 0x20',
    replace: 'c === undefined',
  },
  {
    name: 'a slice may end a byte after the region',
    target: 'artifact',
    file: 'codec/table-rules.ts',
    find: 'size <= region - offset);',
    replace: 'size <= region + 1 - offset);',
  },
  {
    name: 'padding between payloads belongs to no part',
    target: 'artifact',
    file: 'read/parts.ts',
    find: "    parts.add('padding', start);\n",
    replace: '    parts.end = Math.max(parts.end, start);\n',
  },
  {
    name: 'a difference outside the payloads has the wrong place',
    target: 'artifact',
    file: 'read/diff.ts',
    find: 'first ??= from + found.first',
    replace: 'first ??= found.first',
  },
  {
    name: 'ids below 0 have a class',
    target: 'artifact',
    file: 'read/runtime-profile.ts',
    find: 'Number(actual) >= -(2 ** 31)',
    replace: 'Number(actual) >= 0',
  },
  {
    name: 'members are sorted as a language has it',
    target: 'json',
    file: 'codec/canonical-writer.ts',
    find: 'names.sort()',
    replace: 'names.sort((a, b) => a.localeCompare(b))',
  },
  {
    name: 'negative zero passes',
    target: 'json',
    file: 'codec/json-tree.ts',
    find: "if (Object.is(value, -0)) report('negative zero');",
    replace: '',
  },
  {
    name: 'a decoded size gets lost on the way to the other form',
    target: 'plan',
    file: 'plan/plan-text.ts',
    find: '    decoded_size: extras.decodedSize,\n',
    replace: '',
  },
  {
    name: 'a list on the wire is read backwards',
    target: 'plan-binary',
    file: 'plan/binary-plan.ts',
    find: 'into.push(this.#freeValue(level));',
    replace: 'into.unshift(this.#freeValue(level));',
  },
  {
    name: 'a path may stand twice in the ids file',
    target: 'ids',
    file: 'plan/ids.ts',
    find: 'if (paths.has(file)) throw',
    replace: 'if (false) throw',
  },
  {
    name: 'a companion need not be canonical',
    target: 'metadata',
    file: 'read/metadata-companion.ts',
    find: '!isCanonical(bytes, tree as JsonObject)',
    replace: 'false',
  },
  {
    name: 'a mirror may go on behind its end',
    target: 'mirror',
    file: 'read/companions.ts',
    find: 'if (at === size) return undefined;',
    replace: 'if (at <= size) return undefined;',
  },
  {
    name: 'names that differ in case are two',
    target: 'names',
    file: 'host/safe-names.ts',
    find: "path.normalize('NFD').toLowerCase().toUpperCase().toLowerCase()",
    replace: "path.normalize('NFD')",
  },
];
