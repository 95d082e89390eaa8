import type { FastifyInstance } from 'fastify';
import { describeOperation, type OperationDescription } from './describe-operation.ts';
import { failureResponses } from './failure-responses.ts';
import { type NamedSchemas, namedSchemas } from './named-schemas.ts';
import type { Face, Route } from './route.ts';

export interface OpenapiDocument {
  readonly openapi: string;
  readonly info: Readonly<Record<'title' | 'version' | 'description', string>>;
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationDescription>>>>;
  readonly components: Readonly<Record<'securitySchemes' | 'schemas' | 'responses', object>>;
}

type Described = Omit<OpenapiDocument, 'servers'>;

declare module 'fastify' {
  interface FastifyInstance {
    /** Describes all routes of the server. It is a function, because most servers are never asked for it. */
    readonly describeRoutes: () => Described;
  }
}

/** Registers the faces of the server for its OpenAPI document. */
export function registerOpenapi(server: FastifyInstance, faces: readonly Face[]): void {
  let described: Described | undefined;
  server.decorate('describeRoutes', () => {
    described ??= describeRoutes(faces);
    return described;
  });
}

/** Returns the OpenAPI document of the server, with its public address. */
export function openapiDocument(server: FastifyInstance, publicUrl: string): OpenapiDocument {
  return { ...server.describeRoutes(), servers: [{ url: publicUrl }] };
}

function describeRoutes(faces: readonly Face[]): Described {
  const schemas = namedSchemas();
  const paths: Record<string, Record<string, OperationDescription>> = {};
  for (const face of faces) {
    for (const route of face.routes) {
      if (!isForPrograms(face, route)) continue;
      const path = route.path.replace(/:(\w+)/g, '{$1}');
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeOperation(face, route, schemas) };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Ringup',
      version: '1',
      description:
        'Provisioning for Linphone: accounts, tokens, QR codes and spaces. Compatible with FlexiAPI. Where `GET` changes nothing, `HEAD` answers the same without a body.',
    },
    tags: [...new Set(faces.flatMap(({ routes }) => routes.map(({ tag }) => tag)))].map((name) => ({ name })),
    paths,
    components: componentsOf(schemas),
  };
}

/**
 * Returns whether a route is for programs. HEAD is not, because it answers like GET, nor are pages for signing in and
 * for people who are signed in.
 */
function isForPrograms({ failureFormat }: Face, { method, caller, endpoint }: Route): boolean {
  return method !== 'HEAD' && (failureFormat !== 'page' || caller === 'anyone') && endpoint.signsIn !== true;
}

function componentsOf(schemas: NamedSchemas): Described['components'] {
  // Built first, because failures add named schemas too.
  const responses = failureResponses(schemas);
  return { securitySchemes, responses, schemas: schemas.all() };
}

const securitySchemes = {
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
};
