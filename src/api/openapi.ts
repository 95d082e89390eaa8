import type { FastifyInstance } from 'fastify';
import { openapiDocument } from '../http/openapi.ts';
import { openEndpoint } from '../http/route.ts';
import { send } from '../http/sent.ts';
import { onceFor } from '../lib/once-for.ts';

export const showOpenapi = openEndpoint({
  summary: 'Get this API as OpenAPI 3.1',
  handle: ({ app, request, reply }) =>
    send(reply.header('content-type', 'application/json'), bytesOf(request.server, app.publicUrl)),
});

const bytesOf = onceFor((server: FastifyInstance, publicUrl: string) =>
  Buffer.from(JSON.stringify(openapiDocument(server, publicUrl))),
);
