import type { FastifyInstance } from 'fastify';
import type { App } from '../../app.ts';
import { onceFor } from '../../lib/once-for.ts';
import { apiManualPage } from '../../panel/pages/api-manual.ts';
import { homePage } from '../../panel/pages/home.ts';
import { provisioningManualPage } from '../../panel/pages/provisioning-manual.ts';
import { openapiDocument } from '../openapi.ts';
import { sendPage } from '../page.ts';
import { type Route, route } from '../route.ts';
import { send } from '../sent.ts';

// None of these depends on the request, and rendering takes milliseconds: each is made once, at its first request.
const home = onceFor((app: App) => homePage({ publicUrl: app.publicUrl }));
const provisioningManual = onceFor((app: App) => provisioningManualPage(app.publicUrl));
const apiManual = onceFor((server: FastifyInstance, publicUrl: string) =>
  apiManualPage(openapiDocument(server, publicUrl)),
);
const openapiJson = onceFor((server: FastifyInstance, publicUrl: string) =>
  Buffer.from(JSON.stringify(openapiDocument(server, publicUrl))),
);

export const manualRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/',
    caller: 'anyone',
    summary: 'What this server is',
    handle: ({ app, reply }) => sendPage(reply, home(app)),
  }),
  route({
    method: 'GET',
    path: '/api',
    caller: 'anyone',
    summary: 'The manual of the API',
    handle: ({ app, request, reply }) => sendPage(reply, apiManual(request.server, app.publicUrl)),
  }),
  route({
    method: 'GET',
    path: '/api/openapi.json',
    caller: 'anyone',
    summary: 'This API as OpenAPI 3.1',
    handle: ({ app, request, reply }) =>
      send(reply.header('content-type', 'application/json'), openapiJson(request.server, app.publicUrl)),
  }),
  route({
    method: 'GET',
    path: '/provisioning/documentation',
    caller: 'anyone',
    summary: 'The manual of provisioning',
    handle: ({ app, reply }) => sendPage(reply, provisioningManual(app)),
  }),
  route({
    method: 'HEAD',
    path: '/provisioning/documentation',
    caller: 'anyone',
    summary: 'The same without its body',
    handle: ({ app, reply }) => sendPage(reply, provisioningManual(app)),
  }),
];
