/** The last look over a plan: secrets of known forms are masked in every text of it, wherever they came from. Pure. */
import type { Plan } from './plan.ts';
import { maskText } from './secrets.ts';

export const maskEverything = (plan: Plan): Plan => mask(plan) as Plan;

function mask(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(mask);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [maskText(key), mask(inner)]));
}
