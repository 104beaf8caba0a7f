/** How vitest runs the tests that judge mutants. */
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * A configuration with some of the tests, none of which may need more than its own process.
 *
 * @param files In the order in which they run: a mutant is through with the first test that fails, a survivor passes them all.
 */
export function judgedBy(...files: readonly string[]): ViteUserConfig {
  const rank = ({ moduleId }: TestSpecification) => files.findIndex((file) => moduleId.endsWith(`/${file}`));
  class InOrder extends BaseSequencer {
    override async sort(found: TestSpecification[]): Promise<TestSpecification[]> {
      return found.toSorted((a, b) => rank(a) - rank(b));
    }
  }
  return defineConfig({
    plugins: [
      {
        name: 'processes',
        // Stryker asks for threads, in which a test cannot change the umask or the working directory.
        configureVitest({ project }) {
          project.config.pool = 'forks';
        },
      },
    ],
    test: {
      include: [...files],
      setupFiles: ['test/mutation/setup.ts'],
      testTimeout: 60_000,
      isolate: false,
      sequence: { sequencer: InOrder },
    },
  });
}
