/**
 * Shows the toolkit's events as tasks: one child per stack.
 */

import type { StackResult } from '../../core/deployment/stack-result.ts';
import type { Task } from '../../core/progress.ts';
import type { StackEvent } from './protocol.ts';

/** @returns the listener; each stack becomes a child of `task`. */
export function showOn(task: Task, warn: (text: string) => void): (event: StackEvent) => void {
  const children = new Map<string, Task>();
  return (event) => {
    switch (event.kind) {
      case 'started':
        children.set(event.stack, task.child(event.stack));
        return;
      case 'progress':
        children.get(event.stack)?.update(progressText(event));
        return;
      case 'ended':
        end(children.get(event.stack), event.result);
        return;
      case 'warning':
        warn(event.text);
        return;
    }
  };
}

function progressText({ completed, total }: Extract<StackEvent, { kind: 'progress' }>): string {
  return total === undefined ? `${completed} resources` : `${Math.min(completed, total)} of ${total} resources`;
}

function end(child: Task | undefined, { status, reason }: StackResult): void {
  if (status === 'failed') child?.fail(reason ?? 'failed');
  else child?.done(status);
}
