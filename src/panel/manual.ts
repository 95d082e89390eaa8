import { openapiDocument } from '../http/openapi.ts';
import { sendPage } from '../http/page.ts';
import { type Route, route } from '../http/route.ts';
import { apiManualPage } from './pages/api-manual.ts';
import { homePage } from './pages/home.ts';
import { provisioningManualPage } from './pages/provisioning-manual.ts';

export const manualRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/',
    caller: 'anyone',
    summary: 'What this server is',
    handle: ({ app, reply }) => sendPage(reply, homePage({ publicUrl: app.publicUrl })),
  }),
  route({
    method: 'GET',
    path: '/api',
    caller: 'anyone',
    summary: 'The manual of the API',
    handle: ({ app, request, reply }) => sendPage(reply, apiManualPage(openapiDocument(request.server, app.publicUrl))),
  }),
  route({
    method: 'GET',
    path: '/api/openapi.json',
    caller: 'anyone',
    summary: 'This API as OpenAPI 3.1',
    handle: ({ app, request }) => openapiDocument(request.server, app.publicUrl),
  }),
  route({
    method: 'GET',
    path: '/provisioning/documentation',
    caller: 'anyone',
    summary: 'The manual of provisioning',
    handle: ({ app, reply }) => sendPage(reply, provisioningManualPage(app.publicUrl)),
  }),
  route({
    method: 'HEAD',
    path: '/provisioning/documentation',
    caller: 'anyone',
    summary: 'The same without its body',
    handle: ({ app, reply }) => sendPage(reply, provisioningManualPage(app.publicUrl)),
  }),
];
