/** Preloaded into a measured process: leaves its peak resident memory, in KiB, in the file that PEAK_FILE names. */
const { readFileSync, writeFileSync } = require('node:fs');

/** Linux's `maxRSS` begins with that of the process that started this one; `VmHWM` is of this program alone. */
function peak() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1];
}

process.on('exit', () => {
  if (process.env.PEAK_FILE) writeFileSync(process.env.PEAK_FILE, String(peak()));
});
