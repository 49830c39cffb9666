/**
 * Clients that ask each question once: many look at the same things, and each may ask as if it were alone. For one run of
 * reads; who waits for a change asks past it.
 */
import type { AwsClients } from './aws-clients.ts';

interface Command {
  readonly input: object;
}
type Send = (command: Command, ...rest: unknown[]) => Promise<object>;

/** Commands that only look: anything else goes to the service each time. */
const LOOKS = /^(Describe|Get|Head|List)/;

/** The same clients, with answers to reads kept. An answer that says "pending" is asked for again. */
export function sharingAnswers(clients: AwsClients): AwsClients {
  const shared = new Map<PropertyKey, object>();
  return new Proxy(clients, {
    get(target, service) {
      const known = shared.get(service);
      if (known !== undefined) return known;
      const client: unknown = Reflect.get(target, service);
      if (typeof client !== 'object' || client === null) return client;
      const wrapped = sharing(client as { readonly send: Send });
      shared.set(service, wrapped);
      return wrapped;
    },
  });
}

/** A proxy, not an object of its own: the SDK's paginators ask whether a client is of its class. */
function sharing<Client extends { readonly send: Send }>(client: Client): Client {
  const answers = new Map<string, Promise<object>>();
  const send: Send = (command, ...rest) => {
    const ask = (): Promise<object> => client.send(command, ...rest);
    const name = command.constructor.name;
    if (!LOOKS.test(name)) return ask();
    const key = `${name} ${JSON.stringify(command.input)}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask();
    answers.set(key, answer);
    const forget = (): boolean => answers.delete(key);
    // What failed may succeed for the next who asks.
    answer.then((value) => 'State' in value && value.State === 'Pending' && forget(), forget);
    return answer;
  };
  return new Proxy(client, {
    get: (target, property) => (property === 'send' ? send : (Reflect.get(target, property, target) as unknown)),
  });
}
