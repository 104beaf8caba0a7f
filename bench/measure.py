#!/usr/bin/env python3
"""Runs a command and says what it cost.

usage: measure.py [--json FILE] [--] COMMAND [ARGUMENT...]

Writes one line to standard error when the command has ended: seconds on the clock, in the program, in the system, and peak resident memory.
With --json FILE the same goes to FILE as JSON instead: `command`, `exit_code`, `wall_s`, `user_s`, `sys_s`, `peak_rss_bytes`.
Exits with the command's code; 128 + the signal when one ended it.

Processor time covers the command and the children that it waited for; peak memory is that of the largest one of these processes, not their sum.
It is never below this script's own, about 10 MiB.
"""

import json
import os
import shutil
import signal
import sys
import time


def main(arguments):
    target = None
    if arguments[:1] == ['--json']:
        if len(arguments) < 2:
            return usage()
        target, arguments = arguments[1], arguments[2:]
    if arguments[:1] == ['--']:
        arguments = arguments[1:]
    elif arguments[:1] and arguments[0].startswith('-'):
        return usage()
    if not arguments:
        return usage()
    if shutil.which(arguments[0]) is None:
        print('measure: no such command: ' + arguments[0], file=sys.stderr)
        return 127
    start = time.monotonic()
    child = os.posix_spawnp(arguments[0], arguments, os.environ)
    # Ctrl-C reaches the command as well; its end is waited for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, status, used = os.wait4(child, 0)
    wall = time.monotonic() - start
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
    # Linux counts in KiB, macOS in bytes.
    peak = used.ru_maxrss * (1 if sys.platform == 'darwin' else 1024)
    report(target, arguments, code, wall, used.ru_utime, used.ru_stime, peak)
    return code


def report(target, command, code, wall, user, system, peak):
    if target is None:
        line = 'wall {:.2f} s, user {:.2f} s, sys {:.2f} s, peak {:.1f} MiB, exit {}'
        print(line.format(wall, user, system, peak / 2**20, code), file=sys.stderr)
        return
    figures = {
        'command': command,
        'exit_code': code,
        'wall_s': round(wall, 3),
        'user_s': round(user, 3),
        'sys_s': round(system, 3),
        'peak_rss_bytes': peak,
    }
    with open(target, 'w', encoding='utf-8') as file:
        json.dump(figures, file, indent=2)
        file.write('\n')


def usage():
    print('usage: measure.py [--json FILE] [--] COMMAND [ARGUMENT...]', file=sys.stderr)
    return 2


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
