/** A stack at its beginning, before anything has happened to it. */
import type { FakeStack, World } from './world.ts';

export function newStack(world: World, name: string): FakeStack {
  return {
    name,
    id: world.arn('stack', name),
    status: 'REVIEW_IN_PROGRESS',
    body: '{}',
    template: {},
    parameters: [],
    tags: [],
    outputs: [],
    terminationProtection: false,
    creationTime: world.now(),
    resources: [],
    changeSets: [],
    events: [],
    path: [],
    pollsLeft: 'until-told',
    script: new Map(),
    tokens: new Map(),
    driftStatus: 'NOT_CHECKED',
    detections: [],
  };
}
