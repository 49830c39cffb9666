/** The step: see take-role.ts. */
import { setTimeout } from 'node:timers/promises';
import { getIDToken } from '@actions/core';
import { quietSdkNodeWarning } from '../../../adapters/variables.ts';
import { playStandIn } from '../shared/play.ts';
import { emulatedSts } from './emulated-sts.ts';
import { takeRole } from './take-role.ts';

quietSdkNodeWarning();
await playStandIn((step) =>
  takeRole(step, { idToken: getIDToken, sts: emulatedSts(step.variables), wait: setTimeout }),
);
