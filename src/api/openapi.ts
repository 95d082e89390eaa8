import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { openapiDocument } from '../http/openapi.ts';
import { openEndpoint } from '../http/route.ts';
import { send } from '../http/sent.ts';
import { onceFor } from '../lib/once-for.ts';

export const showOpenapi = openEndpoint({
  summary: 'Get this API as OpenAPI 3.1',
  needsNoDatabase: true,
  answer: Type.Object({}, { additionalProperties: true }),
  handle: ({ app, request, reply }) =>
    send(reply.header('content-type', 'application/json'), bytesOf(app.address.current, request.server)),
});

const bytesOf = onceFor(({ url }: { readonly url: string }, server: FastifyInstance) =>
  Buffer.from(JSON.stringify(openapiDocument(server, url))),
);
