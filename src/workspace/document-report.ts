/** Faults of one document of a workspace, each with its path, its pointer, its byte and what to do. */
import type { ReportAt } from '../codec/entry-rules.js';
import { JsonSyntaxError } from '../codec/json.js';
import { withOffsets } from '../codec/locate.js';
import { type Diagnostic, type DiagnosticParts, Diagnostics, diagnostic, type ErrorCode } from '../errors.js';
import { fixOf } from './fixes.js';

/** Collects the faults of one document. */
export class DocumentReport {
  /** As reports name the document. */
  readonly path: string;
  /** For checks that name a place below the document's root. */
  readonly at: ReportAt;
  /** Whether pointers can be looked up in the document. */
  isText = true;
  readonly #assetId: number | undefined;
  readonly #found = new Diagnostics();

  constructor(path: string, assetId?: number) {
    this.path = path;
    this.#assetId = assetId;
    this.at = (code, pointer, parts) => this.report(code, { ...parts, where: { ...parts.where, pointer } });
  }

  /** How many errors were found. */
  get errors(): number {
    return this.#found.errors;
  }

  /** Builds a fault of the document and adds it; `where` is relative to the document. */
  report(code: ErrorCode, parts: DiagnosticParts): void {
    this.add(diagnostic(code, parts));
  }

  /** Adds a fault; `where` is relative to the document. */
  add(each: Diagnostic): void {
    const hint = each.hint ?? fixOf(each.code);
    this.#found.add({
      ...each,
      where: { path: this.path, ...each.where },
      ...(this.#assetId !== undefined && { asset_id: this.#assetId }),
      ...(hint !== undefined && { hint }),
    });
  }

  /** Adds what an error carries. */
  addError({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }): void {
    for (const each of diagnostics) this.add(each);
  }

  /**
   * Hands everything on.
   *
   * @param text The document's bytes, when its pointers can be looked up in them.
   * @param isParked Whether nothing of it is built: then only a collision of identities is an error.
   */
  flush(into: Diagnostics, text?: Uint8Array, isParked = false): void {
    const { list } = this.#found;
    const isHere = ({ where }: Diagnostic) => where.path === this.path;
    const placed = text === undefined || !this.isText ? list : located(text, list, isHere);
    if (isParked) for (const each of placed) into.add(parked(each));
    else into.absorb(this.#found, placed);
  }
}

/** Adds bytes to the faults of this document; a text of another version may break after the version. */
function located(
  text: Uint8Array,
  list: readonly Diagnostic[],
  isHere: (each: Diagnostic) => boolean,
): readonly Diagnostic[] {
  try {
    return [...withOffsets(text, list.filter(isHere), 'pointer', 0), ...list.filter((each) => !isHere(each))];
  } catch (error) {
    if (error instanceof JsonSyntaxError) return list;
    throw error;
  }
}

function parked(each: Diagnostic): Diagnostic {
  return each.severity === 'error' && each.code !== 'IDENTITY_COLLISION' ? { ...each, severity: 'info' } : each;
}
