/**
 * The toolkit's thread: runs @aws-cdk/toolkit-lib for requests of the main thread.
 *
 * Why a thread: the toolkit takes endpoint, credentials and caches from environment variables, and a thread has its
 * own. It ends with the process, however that ends.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { BaseCredentials, Toolkit } from '@aws-cdk/toolkit-lib';
import type { StackResult } from '../../core/deployment/stack-result.ts';
import { bootstrap, deploy, type Tools } from './actions.ts';
import type { Answer, Envelope, Request, ThreadSettings } from './protocol.ts';
import { StackWatch } from './stack-watch.ts';

const port = parentPort;
if (port === null) throw new Error('deploy-worker.ts is a worker thread, not a program');
const settings = workerData as ThreadSettings;

port.on('message', ({ id, content: request }: Envelope<Request>) => {
  const answer = (content: Answer): void => port.postMessage({ id, content } satisfies Envelope<Answer>);
  const watch = new StackWatch((event) => answer({ kind: 'event', event }));
  const toolkit = new Toolkit({
    ioHost: watch,
    color: false,
    emojis: false,
    // What is deployed was validated where the release was made.
    assemblyFailureAt: 'none',
    sdkConfig: { baseCredentials: BaseCredentials.awsCliCompatible({ defaultRegion: settings.region }) },
  });
  perform({ toolkit, watch, settings, emit: (event) => answer({ kind: 'event', event }) }, request).then(
    (results) => answer({ kind: 'done', results }),
    (error: Error) => answer({ kind: 'refused', name: error.name, message: error.message }),
  );
});

function perform(tools: Tools, request: Request): Promise<readonly StackResult[]> {
  switch (request.action) {
    case 'deploy':
      return deploy(tools, request);
    case 'bootstrap':
      return bootstrap(tools, request);
  }
}
