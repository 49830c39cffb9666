/**
 * Reads one file out of the archive a run kept. Whoever made the archive may have made it to do harm: it is read in memory,
 * one file of it, and no more of that than a plan can have. Pure.
 */
import { strFromU8, unzipSync } from 'fflate';
import type { FoundPlan } from '../../core/plan/reviewed/read-reviewed.ts';

/** Bytes. A plan of 2,000 changes has 2 MB. */
export const LARGEST_PLAN = 32 * 2 ** 20;

/** @param name of the file, at the top of the archive */
export function planIn(archive: Uint8Array, name: string): FoundPlan {
  let size: number | undefined;
  try {
    const files = unzipSync(archive, {
      filter: (file) => {
        if (file.name !== name) return false;
        size = file.originalSize;
        // What the archive says of itself is also all the room it gets.
        return size <= LARGEST_PLAN;
      },
    });
    const content = Object.hasOwn(files, name) ? files[name] : undefined;
    if (content !== undefined) return { text: strFromU8(content) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { missing: `the archive its run kept can't be unpacked: ${why}` };
  }
  return { missing: size === undefined ? `its run kept no ${name}` : `its plan has ${size} bytes, more than is read` };
}
