import { openapiDocument } from '../http/openapi.ts';
import { openEndpoint } from '../http/route.ts';

export const showOpenapi = openEndpoint({
  summary: 'This API as OpenAPI 3.1',
  handle: ({ app, request }) => openapiDocument(request.server, app.publicUrl),
});
