import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.ts';
import { isStillCalling } from '../access/sessions.ts';
import type { App } from '../app.ts';
import { clientNetwork } from '../lib/client-address.ts';
import { eventStreamHeaders, type LiveState, sendEventStream } from './event-stream.ts';
import type { Holder } from './open-streams.ts';
import type { Endpoint, EndpointFacts, EndpointInput } from './route.ts';
import { type Sent, send } from './sent.ts';

const maxOfSession = 4;
const maxOfToken = 8;
const maxOfAddress = 64;

/** The request of a live page. */
interface LiveInput<Names extends string, Who> {
  readonly app: App;
  readonly caller: Who;
  readonly params: Readonly<Record<Names, string>>;
  readonly request: FastifyRequest;
}

type States = (signal: AbortSignal) => AsyncIterable<LiveState>;

interface LiveDefinition<Names extends string, Who> {
  readonly params?: readonly Names[];
  readonly summary: string;
  /**
   * Returns an iterable that yields the current state at once, then each new state, until the last one or until the
   * signal is aborted. Throws like other endpoints if there is nothing to see.
   */
  watch(input: LiveInput<Names, Who>): States | Promise<States>;
}

/**
 * Defines an endpoint that sends events `progress` to a signed-in person until the session ends. It does not extend the
 * session.
 */
export function liveEndpoint<const Names extends string = never>(
  definition: LiveDefinition<Names, Caller>,
): Endpoint<Names, Caller> {
  return live(definition, ({ caller }) => [{ key: `session ${caller.session?.id}`, max: maxOfSession }]);
}

/** Defines a live endpoint for anyone who has the token in the path. */
export function openLiveEndpoint<const Names extends string>(
  definition: LiveDefinition<Names | 'token', undefined>,
): Endpoint<Names | 'token', undefined> {
  const endpoint = live(definition, ({ params }) => [{ key: `token ${params.token}`, max: maxOfToken }]);
  // An unknown token gets a stream too, with the state of an expired one. If the database is unavailable, the stream
  // waits for it.
  return { ...endpoint, mayBeMissing: false, needsNoDatabase: true };
}

function live<Names extends string, Who extends Caller | undefined>(
  { watch, ...facts }: LiveDefinition<Names, Who>,
  holdersOf: (input: LiveInput<Names, Who>) => readonly Holder[],
): Endpoint<Names, Who> {
  const about: EndpointFacts = { ...facts, produces: ['text/event-stream'], live: true };
  return {
    ...about,
    async handle({ app, caller, params, request, reply }: EndpointInput<Names, Who, unknown, unknown>): Promise<Sent> {
      const input = { app, caller, params, request };
      const states = await watch(input);
      if (request.method === 'HEAD') return headOfStream(reply);
      return sendEventStream(reply, {
        app,
        holders: [...holdersOf(input), { key: `address ${clientNetwork(request.sender.address)}`, max: maxOfAddress }],
        mayGoOn: async () => caller === undefined || isStillCalling(app, caller),
        watch: states,
      });
    },
  };
}

function headOfStream(reply: FastifyReply): Sent {
  return send(reply.headers(eventStreamHeaders));
}
