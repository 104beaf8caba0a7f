/** Opens an `assets.pa` and judges it by the gates of the contract; payload bytes are not read. */
import { headerLengthFault, judgeHeader } from '../codec/header.js';
import type { ReadHeader } from '../codec/header-v1.js';
import { withOffsets } from '../codec/locate.js';
import { decodePrelude, type Prelude } from '../codec/prelude.js';
import { checkSlices } from '../codec/table-rules.js';
import { Diagnostics, fault, ioStep, Phrase } from '../errors.js';
import { type AssetEntry, HEADER_LEN_MAX, HEADER_LEN_MIN, PRELUDE_SIZE, preludeAt } from '../format.js';
import { type FileSystem, OPEN_INPUT, type OpenFile } from '../host/fs.js';
import type { Range } from './excerpt.js';
import { runtimeClass } from './runtime-profile.js';

/** What an artifact says of itself, as far as it can be read. */
export interface Artifact {
  /** The file, as the caller named it. */
  readonly path: string;
  /** Bytes of the whole file. */
  readonly fileSize: number;
  readonly prelude: Prelude | undefined;
  readonly header: ReadHeader | undefined;
  /** The alignment that explains the layout best (T6). */
  readonly alignment: number | undefined;
  /** Whether every slice is where the layout rule puts it: gates 3 to 8 found nothing. */
  readonly isLaidOut: boolean;
  /** What is wrong, payload contents aside. */
  readonly report: Diagnostics;
}

/** An artifact while its file is open. */
export interface OpenArtifact extends Artifact {
  readonly file: OpenFile;
}

/**
 * Opens a file, judges it by gates 1 to 8, and keeps it open for a step that reads on. Nothing is allocated before it is known to be
 * there.
 *
 * @throws AssetsPaError `INPUT_READ`, also for what the step's reads throw
 */
export function withArtifact<T>(path: string, fs: FileSystem, use: (artifact: OpenArtifact) => Promise<T>): Promise<T> {
  return ioStep('INPUT_READ', 'the artifact cannot be read', path, async () => {
    const file = named(await fs.open(path, OPEN_INPUT), path);
    try {
      const stat = await file.stat();
      if (!stat.isFile())
        throw fault('INPUT_READ', { what: 'this is no regular file', where: { path }, hint: PIPE_HINT });
      return await use(await judge(path, file, stat.size));
    } finally {
      await file.close();
    }
  });
}

/** What a FIFO or a process substitution can still be used for. */
const PIPE_HINT = 'name a file; the command line reads a pipe as -';

/** A file whose reads name it when they fail: two artifacts may be open at once. */
function named(file: OpenFile, path: string): OpenFile {
  return {
    read: (...args) => ioStep('INPUT_READ', 'the artifact cannot be read', path, () => file.read(...args)),
    write: (...args) => file.write(...args),
    stat: () => file.stat(),
    chmod: (mode) => file.chmod(mode),
    sync: () => file.sync(),
    close: () => file.close(),
  };
}

async function judge(path: string, file: OpenFile, fileSize: number): Promise<OpenArtifact> {
  const report = new Diagnostics(runtimeClass);
  const prelude = decodePrelude(await readAt(file, 0, Math.min(PRELUDE_SIZE, fileSize)), report);
  const nothing = { path, file, fileSize, prelude, header: undefined, alignment: undefined, isLaidOut: false, report };
  const isOurs = !report.list.some(({ code }) => code === 'PRELUDE_MAGIC' || code === 'VERSION_UNSUPPORTED');
  if (prelude === undefined || !isOurs) return nothing;
  // Gate 2 stands beside everything else; only what gates 3 to 8 find keeps gate 9 shut.
  const found = report.nested();
  const body = await readBody(file, prelude, fileSize, found);
  report.absorb(found);
  return { ...nothing, ...body, isLaidOut: found.errors === 0 };
}

async function readBody(
  file: OpenFile,
  prelude: Prelude,
  fileSize: number,
  report: Diagnostics,
): Promise<Pick<Artifact, 'header' | 'alignment'>> {
  const nothing = { header: undefined, alignment: undefined };
  if (!checkHeaderBounds(prelude, fileSize, report)) return nothing;
  const isBounded = checkPayloadOffset(prelude, fileSize, report);
  const bytes = await readAt(file, PRELUDE_SIZE, prelude.headerLen);
  const header = judgeHeader(bytes, report);
  if (header === undefined || !isBounded) return { ...nothing, header };
  const envelope = { headerLen: prelude.headerLen, payloadOffset: Number(prelude.payloadOffset), fileSize };
  const slices = report.nested();
  const { alignment } = checkSlices(header.assetTable, envelope, slices);
  report.absorb(slices, withOffsets(bytes, slices.list, 'pointer', PRELUDE_SIZE));
  return { header, alignment };
}

/** Gate 3: whether there is a header to judge. */
function checkHeaderBounds({ headerLen }: Prelude, fileSize: number, report: Diagnostics): boolean {
  const room = fileSize - PRELUDE_SIZE;
  if (headerLen > room) {
    report.report('HEADER_LENGTH', {
      what: 'the header ends after the file',
      where: { offset: preludeAt('headerLen') },
      expected: new Phrase(`at most ${room}`),
      actual: headerLen,
      details: { past_end: true },
    });
  } else if (headerLen < HEADER_LEN_MIN || headerLen > HEADER_LEN_MAX) {
    report.report('HEADER_LENGTH', headerLengthFault(headerLen, new Phrase(`${HEADER_LEN_MIN} to ${HEADER_LEN_MAX}`)));
  } else return true;
  return false;
}

/** Gate 4: whether there is a payload region to judge. */
function checkPayloadOffset({ headerLen, payloadOffset }: Prelude, fileSize: number, report: Diagnostics): boolean {
  const least = PRELUDE_SIZE + headerLen;
  if (payloadOffset >= least && payloadOffset <= fileSize) return true;
  report.report('PAYLOAD_OFFSET', {
    what:
      payloadOffset < least
        ? 'the payload region begins inside the header'
        : 'the payload region begins after the file',
    where: { offset: preludeAt('payloadOffset') },
    expected: new Phrase(`${least} to ${fileSize}`),
    actual: payloadOffset,
  });
  return false;
}

/** Where the payload of an entry begins in its file. */
export function fileOffset({ prelude }: Artifact, { offset }: AssetEntry): number {
  return Number(prelude?.payloadOffset) + offset;
}

/** Bytes of a file that are known to be there. */
export async function readAt(file: OpenFile, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0)
      throw Object.assign(new Error('EIO: the file was truncated while it was read'), { code: 'EIO' });
    done += bytesRead;
  }
  return bytes;
}

/** The bytes of some ranges, one after the other. */
export async function readRanges(file: OpenFile, ranges: readonly Range[]): Promise<Uint8Array> {
  const bytes = new Uint8Array(ranges.reduce((sum, [start, end]) => sum + end - start, 0));
  let at = 0;
  for (const [start, end] of ranges) {
    bytes.set(await readAt(file, start, end - start), at);
    at += end - start;
  }
  return bytes;
}
