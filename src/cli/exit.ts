/** How the program ends. */

/** Exit codes; 128 and the signal's number when interrupted, 70 for a defect of the program itself. */
export const EXIT = { done: 0, broken: 1, usage: 2, io: 3, defect: 70 } as const;

/** Wrong usage that only the command itself can see. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
