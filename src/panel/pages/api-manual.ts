import type { FastifyInstance } from 'fastify';
import { html } from 'ghtml';
import { openapiDocument } from '../../http/openapi.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { openEndpoint } from '../../http/route.ts';
import { onceFor } from '../../lib/once-for.ts';
import { layout, pathPrefixOf } from '../layout.ts';
import { apiTitle, type Operation, readOperations, serverUrl, tagNames } from '../openapi-reader.ts';
import { aboutAuthentication } from '../parts/about-authentication.ts';
import { operationSection } from '../parts/operation.ts';
import { prose } from '../parts/prose.ts';

interface Group {
  readonly id: string;
  readonly title: string;
  readonly operations: readonly Operation[];
}

export const showApiManual = openEndpoint({
  summary: 'Show the manual of the API',
  produces: ['text/html'],
  handle: ({ app, request, reply }) => sendPage(reply, pageOf(request.server, app.publicUrl)),
});

const pageOf = onceFor((server: FastifyInstance, publicUrl: string) =>
  apiManualPage(openapiDocument(server, publicUrl)),
);

/** Returns the manual of the API, made from its OpenAPI document. What the document does not say is left out. */
export function apiManualPage(openapi: unknown): Page {
  const { title, version, description } = apiTitle(openapi);
  const publicUrl = serverUrl(openapi);
  const prefix = publicUrl === '' ? '' : pathPrefixOf(publicUrl);
  const groups = groupOperations(openapi);
  const main = html`<h1>The API</h1>
<p class="lead">!${prose(description)}</p>
<p>The API uses JSON over HTTP: bodies are <code>application/json</code>, and dates are ISO 8601 in UTC. Unknown fields are refused by name. For programs, this page is also available as <a href="${prefix}/api/openapi.json">openapi.json</a> (OpenAPI 3.1). <a href="${prefix}/provisioning/documentation">How phones are set up</a> says what phones do.</p>
!${aboutAuthentication(publicUrl)}
!${groups.map(groupSection)}`;
  const contents = html`<nav class="contents" aria-label="Contents">
<ul>
<li><a href="#about--auth">Authentication</a></li>
<li><a href="#callers">Who may call what</a></li>
<li><a href="#errors">Errors</a></li>
!${groups.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
</ul>
</nav>`;
  const name = [title, version].filter((part) => part !== '').join(' ');
  return {
    html: layout({
      title: name === '' ? 'The API' : `The API – ${name}`,
      width: 'manual',
      prefix,
      leadsHome: true,
      main,
      contents,
    }),
  };
}

function groupSection({ id, title, operations }: Group): string {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
!${operations.map(operationSection)}
</section>
`;
}

/** Groups the operations by their tags, in the order of the document. Operations without a tag come last. */
export function groupOperations(openapi: unknown): Group[] {
  const groups = Map.groupBy(readOperations(openapi), ({ tag }) => (tag === '' ? 'Other' : tag));
  const known = tagNames(openapi).filter((name) => groups.has(name));
  return [...new Set([...known, ...groups.keys()])].map((title) => ({
    id: `group-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
    title,
    operations: groups.get(title) ?? [],
  }));
}
