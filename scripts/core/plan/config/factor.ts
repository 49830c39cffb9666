/** How many times as much, in words. Pure. */

const FRACTIONS: readonly (readonly [factor: number, words: string])[] = [
  [1 / 10, 'a tenth'],
  [1 / 5, 'a fifth'],
  [1 / 4, 'a quarter'],
  [1 / 3, 'a third'],
  [1 / 2, 'half'],
  [2 / 3, 'two thirds'],
  [3 / 4, 'three quarters'],
  [3 / 2, 'half as much again'],
  [2, 'twice'],
  [3, 'three times'],
  [4, 'four times'],
  [5, 'five times'],
  [10, 'ten times'],
];

/** Two and a half times is a factor; anything less is easier as a percentage. */
const AS_FACTOR = 2;

/** `a quarter`, `twice`, `up 20 %`, `7.5 times`, `from zero` */
export function factorInWords(old: number, next: number): string {
  if (old === 0) return 'from zero';
  if (next === 0) return 'down to zero';
  if (old < 0 !== next < 0) return next > old ? 'up' : 'down';
  const factor = next / old;
  const named = FRACTIONS.find(([value]) => Math.abs(value - factor) < 1e-9);
  if (named !== undefined) return named[1];
  if (factor > AS_FACTOR) return `${round(factor)} times`;
  const percent = round(Math.abs(factor - 1) * 100);
  return `${factor > 1 ? 'up' : 'down'} ${percent} %`;
}

/** Three significant digits at most, without trailing zeros. */
const round = (value: number): string => String(Number(value.toPrecision(3)));
