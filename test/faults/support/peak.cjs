/** Preloaded into a process: writes the most memory that it took, in KiB, to the file that PEAK_FILE names. */
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  if (process.env.PEAK_FILE) writeFileSync(process.env.PEAK_FILE, String(process.resourceUsage().maxRSS));
});
