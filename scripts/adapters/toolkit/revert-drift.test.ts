/** Which stacks are deployed in CloudFormation's drift-reverting mode: those asked for, and no other. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DeployOptions, Toolkit } from '@aws-cdk/toolkit-lib';
import { parameter, writeAssembly } from '../../testing/assembly.ts';
import { deploy } from './actions.ts';
import { StackWatch } from './stack-watch.ts';

test('only the stacks named are deployed with a drift-reverting change set', async (t) => {
  const assembly = await mkdtemp(join(tmpdir(), 'revert-drift-'));
  t.after(() => rm(assembly, { recursive: true, force: true }));
  const resources = { P: parameter('/p', '1') };
  await writeAssembly(
    assembly,
    { account: '111122223333', region: 'us-east-1' },
    { 'a-dev': { resources }, 'b-dev': { resources } },
  );
  const asked = new Map<string | undefined, DeployOptions['deploymentMethod']>();
  const toolkit = {
    fromAssemblyDirectory: async () => ({}),
    synth: async () => ({ dispose: async () => {} }),
    deploy: async (_source: unknown, { stacks, deploymentMethod }: DeployOptions) => {
      asked.set(stacks?.patterns?.[0], deploymentMethod);
      return { stacks: [] };
    },
  } as unknown as Toolkit;
  const settings = { region: 'us-east-1', pollMs: 1, concurrency: 2 };
  const tools = { toolkit, settings, watch: new StackWatch(() => {}), emit: () => {} };

  await deploy(tools, { action: 'deploy', assembly, revertDrift: ['b-dev'] });

  assert.deepEqual(Object.fromEntries(asked), {
    'a-dev': { method: 'change-set', revertDrift: false },
    'b-dev': { method: 'change-set', revertDrift: true },
  });
});
