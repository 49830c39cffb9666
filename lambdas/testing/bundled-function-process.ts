/**
 * The process of a bundled function: loads the bundle named as argument, takes one event from its parent, invokes the
 * handler, answers, ends.
 */
import { createRequire } from 'node:module';
import type { Invocation } from './bundled-function.ts';
import { lambdaContext } from './events.ts';

const invoke = async (file: string, event: unknown): Promise<Invocation> => {
  try {
    const start = performance.now();
    const { handler } = createRequire(import.meta.url)(file);
    const importMs = performance.now() - start;
    return { result: await handler(event, lambdaContext()), importMs };
  } catch (error) {
    return { error: error instanceof Error ? { name: error.name, message: error.message } : { name: '', message: '' } };
  }
};

process.once('message', async ({ event }: { event: unknown }) => {
  const [, , file = ''] = process.argv;
  process.send?.(await invoke(file, event), () => process.disconnect());
});
