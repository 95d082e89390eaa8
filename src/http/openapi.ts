import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

/** Collects the schemas of all routes that are registered afterwards. `tags` are the headings, in this order. */
export async function registerOpenapi(server: FastifyInstance, tags: readonly string[]): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Ringup',
        version: '1',
        description: 'Provisioning for Linphone: accounts, tokens, QR codes and spaces. Compatible with FlexiAPI.',
      },
      tags: tags.map((name) => ({ name })),
      components: {
        securitySchemes: {
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
          cookie: { type: 'apiKey', in: 'cookie', name: 'x-api-key' },
          deviceKey: {
            type: 'apiKey',
            in: 'header',
            name: 'x-device-key',
            description:
              'The key of one phone, good only together with its `?device=`. It only gives access to the configuration of its own account.',
          },
          digest: { type: 'http', scheme: 'digest', description: "HTTP Digest (RFC 7616) gives a user's rights." },
        },
      },
      security: [{ apiKey: [] }, { cookie: [] }, { digest: [] }],
    },
  });
}

/** Returns the OpenAPI document of the server, with its public address. */
export function openapiDocument(server: FastifyInstance, publicUrl: string) {
  const document = server.swagger();
  return { ...document, servers: [{ url: publicUrl }] };
}
