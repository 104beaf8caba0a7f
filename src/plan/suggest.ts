/** A hint for a misspelt name. */

/** Names further apart than this are no misspellings of each other. */
const DISTANCE_MAX = 2;

/** `did you mean "bank_type"?`, when one of the names is near. */
export function suggestion(found: string, names: Iterable<string>): { readonly hint?: string } {
  let nearest: string | undefined;
  let least = DISTANCE_MAX + 1;
  for (const name of names) {
    if (Math.abs(name.length - found.length) > DISTANCE_MAX) continue;
    const distance = editDistance(found, name);
    if (distance >= least) continue;
    least = distance;
    nearest = name;
  }
  return nearest === undefined ? {} : { hint: `did you mean "${nearest}"?` };
}

/** Levenshtein's: insertions, deletions and substitutions. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
