/** Where a map draws what: a lane a file, and between two lanes the ribbons that join their assets. */
import type { Model, Side } from './rows.js';

/** A file's strip on the map. */
export interface Lane {
  readonly side: Side;
  readonly top: number;
  readonly height: number;
  /** Where marks of diagnostics and of the selection stand: above the lane, or below it. */
  readonly marks: number;
}

/** The lanes of a map and its height, in CSS pixels. */
export interface LanePlan {
  readonly lanes: readonly Lane[];
  readonly height: number;
}

/** Height of the strip for marks. */
export const MARKS = 10;
const ALONE = 64;
const PAIRED = 36;
const RIBBONS = 76;

/** One lane, or two with room between them. */
export function lanePlan({ sides: [a, b] }: Model): LanePlan {
  if (a === undefined) return { lanes: [], height: 0 };
  if (b === undefined) return { lanes: [{ side: a, top: MARKS, height: ALONE, marks: 0 }], height: MARKS + ALONE };
  const topB = MARKS + PAIRED + RIBBONS;
  return {
    lanes: [
      { side: a, top: MARKS, height: PAIRED, marks: 0 },
      { side: b, top: topB, height: PAIRED, marks: topB + PAIRED },
    ],
    height: topB + PAIRED + MARKS,
  };
}

/** The lane at a height. */
export function laneAt({ lanes }: LanePlan, y: number): Lane | undefined {
  return lanes.find(({ top, height }) => y >= top && y < top + height);
}
