import type { FastifyInstance } from 'fastify';

/** Lets requests have a body of any type and size, which is not read. */
export function ignoreBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _payload, done) => done(null));
}
