import {
  calls,
  type CallInput,
  type CallName,
  type CallOutput,
  events,
  type EventName,
  type EventPayload,
  type Transport,
} from './contract.ts';
import { UserError } from './errors.ts';

/** The renderer's only view of everything else. */
export interface Client {
  /** Resolves with the checked value; rejects with UserError, whose message is for the person. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /** Returns the unsubscribe. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}

export function createClient(transport: Transport): Client {
  return {
    async call(name, input) {
      const answer = await transport.invoke(name, input);
      if (!answer.ok) throw new UserError(answer.error.code, answer.error.message);
      return calls[name].output.parse(answer.value) as CallOutput<typeof name>;
    },
    on(name, listener) {
      return transport.subscribe(name, (payload) => {
        listener(events[name].parse(payload) as EventPayload<typeof name>);
      });
    },
  };
}
