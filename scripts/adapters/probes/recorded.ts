/**
 * What an emulated account only records: resources that are there and settings that can be read back, with nothing
 * behind them. Said once per type, so that nobody takes "configured" for "works".
 */
import type { Check } from '../../core/check.ts';
import { readRecordedTypes } from '../emulator/recorded-types.ts';
import type { Probe } from './probe.ts';

export const RECORDED_CHECK = 'emulator.recorded';

export const recorded: Probe = {
  name: 'recorded types',
  observe: async ({ target, inventory }) => {
    if (target.emulator === undefined) return [];
    const deployed = inventory.stacks.flatMap(({ resources }) =>
      resources.state === 'observed' ? resources.value : [],
    );
    return (await readRecordedTypes()).flatMap(({ type, reason }): Check[] => {
      const count = deployed.filter((resource) => resource.type === type).length;
      if (count === 0) return [];
      const subject = `${type} (${count})`;
      return [{ id: RECORDED_CHECK, subject, status: 'unknown', expected: 'works', actual: null, detail: reason }];
    });
  },
};
