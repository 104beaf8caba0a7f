import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { currentProcess, isKnownDead, type ProcessIdentity } from '../../src/host/process.js';

const self = currentProcess();
// Above every limit that Linux or macOS has for process ids.
const gone: ProcessIdentity = { ...self, pid: 4_194_305 };

describe('currentProcess', () => {
  it('is the same process every time, with another token', () => {
    const again = currentProcess();
    expect({ ...again, token: self.token }).toEqual(self);
    expect(again.token).not.toBe(self.token);
    expect(again.token).toMatch(/^[0-9a-f]{16}$/);
  });

  it.skipIf(process.platform !== 'linux')('says what Linux tells of a process', () => {
    expect(self.boot).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(self.namespace).toMatch(/^pid:\[\d+\]$/);
    // Field 22; the second is the program's name in brackets.
    const fields = /^\d+ \(.*\) (.*)$/s.exec(readFileSync('/proc/self/stat', 'utf8'))?.[1]?.split(' ') ?? [];
    expect(self.started).toMatch(/^\d+$/);
    expect(self.started).toBe(fields[19]);
    expect(self.machine).toBe(self.machine.trim());
  });
});

describe('isKnownDead', () => {
  it.each<[string, Partial<ProcessIdentity>, Partial<ProcessIdentity>, boolean]>([
    ['this process', { pid: process.pid }, {}, false],
    ['a free process id', {}, {}, true],
    ['a free process id of another host', { host: 'another' }, {}, false],
    ['a free process id of another machine of the same name', { machine: 'another' }, {}, false],
    ['a free process id of another namespace', { namespace: 'another' }, {}, false],
    ['a living process before the machine was started anew', { pid: process.pid, boot: 'earlier' }, {}, true],
    ['a process that did not know when the machine was started', { boot: '' }, { boot: 'now' }, false],
    ['a process, asked where that is not known', { boot: 'earlier' }, { boot: '' }, false],
    ['a free process id, where neither knows', { boot: '' }, { boot: '' }, true],
    ['a process id that somebody else has by now', { pid: process.pid, started: '1' }, {}, true],
    ['a process id that may be somebody else’s by now', { pid: process.pid, started: '' }, {}, false],
  ])('%s', (_, other, asking, isDead) => {
    expect(isKnownDead({ ...gone, ...other }, { ...self, ...asking })).toBe(isDead);
  });

  it.skipIf(process.platform !== 'linux')(
    'a process that ended and was not waited for, and the one that does not',
    async () => {
      // The shell has become `sleep`, which does not wait for its child.
      const parent = spawn('bash', ['-c', 'sleep 0.1 & echo $!; exec sleep 600'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
      try {
        await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /);
        expect(isKnownDead({ ...self, pid, started: '' }, self)).toBe(true);
        expect(isKnownDead({ ...self, pid: parent.pid ?? 0, started: '' }, self)).toBe(false);
      } finally {
        parent.kill('SIGKILL');
      }
    },
  );
});
