/** The memory that the C library gives back to the kernel. */

/** Bytes: the most that glibc counts is 32 MiB, with what it adds. */
const FREED = 33_000_000;

/**
 * Has memory that was freed kept for what comes next. glibc gives the top of its heap back as soon as 128 KiB of it are free, and V8's compilers free
 * more than that after each function: the kernel makes the same pages again and again (16,384 files: a third of all page faults, and a twentieth of the
 * time). Its thresholds follow the largest block that was mapped and freed: this one, which nobody writes to, so that it never takes memory. It is
 * freed by the first collection. Other C libraries take no notice.
 */
export function keepFreedMemory(): void {
  new ArrayBuffer(FREED);
}
