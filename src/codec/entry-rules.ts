/**
 * The rules for one asset (T1, M3, H3-H6 inside free objects). One set, used on a plan before it is written and on a
 * header just decoded; the caller says where a member stands.
 */
import { type DiagnosticParts, type ErrorCode, Phrase, pointerToken } from '../errors.js';
import {
  ASSET_ID_MAX,
  ASSET_NAME_MAX_BYTES,
  BANK_TYPES,
  CODECS,
  DEPTH_MAX,
  type JsonObject,
  type JsonValue,
  RETIRED_NAMES,
} from '../format.js';
import { INTEGER_RANGE, INVALID, isPlainObject, NOT_A_NUMBER, setMember } from './json-tree.js';
import { utf8Length } from './utf8.js';

/**
 * Receives a fault of one asset.
 *
 * @param at Pointer below the entry, in header terms: `/metadata/width`.
 */
export type ReportAt = (code: ErrorCode, at: string, parts: DiagnosticParts) => void;

/** T1: whether an integer is an asset id. */
export function isAssetId(id: number): boolean {
  return id >= 0 && id <= ASSET_ID_MAX;
}

/** T1: an asset id, also in preload. */
export function checkAssetId(id: number, report: ReportAt): void {
  if (isAssetId(id)) return;
  report('ASSET_ID_RANGE', '/asset_id', {
    what: 'not an asset id',
    expected: new Phrase('0 to 2147483647'),
    actual: id,
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: T1 names the control characters
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** T1: an asset name. */
export function checkAssetName(name: string, report: ReportAt): void {
  // A code unit takes at most three bytes.
  if (name !== '' && name.length <= ASSET_NAME_MAX_BYTES / 3 && !CONTROL.test(name)) return;
  const fail = (what: string, rest: Partial<DiagnosticParts> = {}) =>
    report('ASSET_NAME', '/asset_name', { what, ...rest });
  const control = CONTROL.exec(name);
  const length = utf8Length(name);
  if (length === 0) fail('an asset name must not be empty');
  else if (control !== null) {
    const unit = name.charCodeAt(control.index).toString(16).toUpperCase().padStart(4, '0');
    fail('an asset name must not hold control characters', {
      actual: new Phrase(`U+${unit} at index ${control.index}`),
    });
  } else if (length > ASSET_NAME_MAX_BYTES) {
    fail('the asset name is too long', {
      expected: new Phrase(`at most ${ASSET_NAME_MAX_BYTES} bytes of UTF-8`),
      actual: length,
    });
  }
}

/** T1: a bank type. */
export function checkBankType(bankType: string, report: ReportAt): void {
  checkOneOf('BANK_TYPE_UNKNOWN', '/bank_type', BANK_TYPES, bankType, report);
}

/** T1: a codec. */
export function checkCodec(codec: string, report: ReportAt): void {
  checkOneOf('CODEC_UNKNOWN', '/codec', CODECS, codec, report);
}

function checkOneOf(code: ErrorCode, at: string, allowed: readonly string[], found: string, report: ReportAt): void {
  if (allowed.includes(found)) return;
  const replacement = RETIRED_NAMES.get(found);
  const hint = allowed.includes(replacement ?? '') ? `${found} is retired: write ${replacement}` : undefined;
  report(code, at, {
    what: `no such ${at.slice(1).replace('_', ' ')}`,
    expected: new Phrase(allowed.join(', ')),
    actual: found,
    ...(hint !== undefined && { hint }),
  });
}

/** M3: what may not stand at the root of `metadata`. */
export function checkMetadataRoot(metadata: JsonObject, hasCodecConfiguration: boolean, report: ReportAt): void {
  const collide = (name: string, what: string, hint: string) =>
    report('METADATA_COLLISION', `/metadata/${name}`, { what, hint });
  if (hasCodecConfiguration && Object.hasOwn(metadata, 'codec')) {
    collide('codec', 'metadata has a member "codec" beside a codec configuration', 'keep one of the two');
  }
  if (Object.hasOwn(metadata, 'pipeline')) {
    collide('pipeline', 'metadata has a member "pipeline"', 'pipeline data belongs in "pipeline", beside "metadata"');
  }
}

/**
 * Copies a free object and checks it (H3-H6, M4), so that what was checked is what is written.
 *
 * @param level Of the object itself: 0 for `metadata`, 1 for a codec configuration (H6).
 * @param at Pointer below the entry.
 * @param report Receives `HEADER_NUMBER`, `HEADER_STRING`, `HEADER_TOO_DEEP`.
 * @returns Undefined when something in it is wrong.
 * @throws TypeError for what no JSON document can hold; only a program can pass it
 */
export function copyFreeObject(value: object, level: number, at: string, report: ReportAt): JsonObject | undefined {
  const copy = new FreeCopy(report);
  const object = copy.object(value, level, at);
  return copy.isRight ? object : undefined;
}

class FreeCopy {
  /** Nothing wrong was met so far. */
  isRight = true;
  readonly #report: ReportAt;
  readonly #ancestors: object[] = [];

  constructor(report: ReportAt) {
    this.#report = (...fault) => {
      this.isRight = false;
      report(...fault);
    };
  }

  value(value: unknown, level: number, at: string): JsonValue {
    switch (typeof value) {
      case 'string':
        if (!value.isWellFormed()) this.#report('HEADER_STRING', at, { what: 'a string holds a lone surrogate' });
        return value;
      case 'number':
        if (Number.isSafeInteger(value)) return value + 0;
        break;
      case 'bigint':
        return this.#bigint(value, at);
      case 'boolean':
        return value;
      case 'object':
        if (value === null) return null;
        if (Array.isArray(value)) return this.#array(value, level, at);
        if (isPlainObject(value)) return this.object(value, level, at);
        break;
      default:
        if (value === INVALID) {
          this.isRight = false;
          return null;
        }
    }
    throw new TypeError(
      `${at}: a free object holds plain objects, arrays, strings, booleans, null and integers, not ${kindOf(value)}`,
    );
  }

  object(object: object, level: number, at: string): JsonObject {
    const copy: { [name: string]: JsonValue } = {};
    this.#within(object, level, at, () => {
      for (const [name, member] of Object.entries(object)) {
        if (!name.isWellFormed()) this.#report('HEADER_STRING', at, { what: 'a member name holds a lone surrogate' });
        setMember(copy, name, this.value(member, level + 1, at + pointerToken(name)));
      }
    });
    return copy;
  }

  #array(array: readonly unknown[], level: number, at: string): JsonValue[] {
    const copy: JsonValue[] = [];
    this.#within(array, level, at, () => {
      for (const [i, item] of array.entries()) copy.push(this.value(item, level + 1, at + pointerToken(i)));
    });
    return copy;
  }

  #bigint(value: bigint, at: string): number {
    if (Number.isSafeInteger(Number(value))) return Number(value);
    this.#report('HEADER_NUMBER', at, { what: NOT_A_NUMBER, expected: INTEGER_RANGE, actual: value });
    return 0;
  }

  #within(container: object, level: number, at: string, copyMembers: () => void): void {
    if (this.#ancestors.includes(container)) throw new TypeError(`${at}: a free object must not contain itself`);
    if (level > DEPTH_MAX) {
      this.#report('HEADER_TOO_DEEP', at, {
        what: 'nested too deep',
        expected: new Phrase(`at most level ${DEPTH_MAX}`),
        actual: new Phrase(`level ${level}`),
      });
      return;
    }
    this.#ancestors.push(container);
    copyMembers();
    this.#ancestors.pop();
  }
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'object' ? `a ${value?.constructor.name}` : `a ${typeof value}`;
}
