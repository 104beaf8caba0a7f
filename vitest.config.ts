import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 60_000,
    // What files change of their process (umask, working directory) they put back: loading all of src for each costs more.
    isolate: false,
    // Half of the tests wait for a program that they started.
    maxWorkers: '100%',
    coverage: { include: ['src/**/*.ts'], exclude: ['src/schema/gen/**', 'src/page/**'] },
  },
});
