#!/usr/bin/env python3
"""Writes to so many bytes of free memory, and gives them back.

usage: touch_memory.py BYTES

A virtual machine's free memory may not be there until it is written to: its host then finds it, a page at a time, at a tenth of the usual speed or
less. Whoever writes a file into the page cache pays for that, or does not, by chance. No more than nine tenths of the free memory are touched, so that
the page cache stays as it is. Linux 5.14 or later; elsewhere nothing happens.
"""

import mmap
import sys

MADV_POPULATE_WRITE = 23


def free_bytes():
    with open('/proc/meminfo', encoding='ascii') as lines:
        for line in lines:
            if line.startswith('MemFree:'):
                return int(line.split()[1]) * 1024
    return 0


def main(arguments):
    if len(arguments) != 1 or not arguments[0].isdigit():
        print('usage: touch_memory.py BYTES', file=sys.stderr)
        return 2
    count = min(int(arguments[0]), free_bytes() * 9 // 10)
    if count == 0:
        return 0
    with mmap.mmap(-1, count, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.madvise(mmap.MADV_HUGEPAGE)
        try:
            memory.madvise(MADV_POPULATE_WRITE)
        except OSError:
            pass
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
