/** All targets. */
import type { Target } from './target.ts';
import { artifactTarget } from './target-artifact.ts';
import { documentTargets } from './target-documents.ts';
import { jsonTarget } from './target-json.ts';
import { namesTarget } from './target-names.ts';
import { planTarget, wireTarget } from './target-plan.ts';

/** Every target, for a seed. */
export function allTargets(seed: number): Target[] {
  return [artifactTarget(seed), planTarget(), wireTarget(), ...documentTargets(), jsonTarget(), namesTarget()];
}
