/** Lengths of time as people read them. Pure. */

const UNITS = [
  ['day', 'days', 86_400],
  ['h', 'h', 3_600],
  ['min', 'min', 60],
  ['s', 's', 1],
] as const;

/** Seconds → `4 days`, `10 min`, `1 h 30 min`. Two lengths never read the same, so that texts can be compared. */
export function describeDuration(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds <= 0) return `${seconds} s`;
  let left = seconds;
  return UNITS.flatMap(([one, many, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  }).join(' ');
}
