import { html } from 'ghtml';
import { layout, pathPrefixOf } from '../layout.ts';
import { apiTitle, type Operation, readOperations, serverUrl } from '../openapi-reader.ts';
import type { Page } from '../page.ts';
import { aboutAuthentication } from '../parts/about-authentication.ts';
import { operationSection } from '../parts/operation.ts';
import { prose } from '../parts/prose.ts';

interface Group {
  readonly id: string;
  readonly title: string;
  readonly operations: readonly Operation[];
}

/** In the order of the page; the first that fits counts. */
const groupTitles: readonly (readonly [pattern: RegExp, title: string])[] = [
  [/^\/provisioning(\/|$)/, 'Provisioning'],
  [/\/auth_token(\/|$)|\/me\/api_key\/./, 'Sign-in by code'],
  [/\/contacts(\/|$)/, 'Contacts'],
  [/^\/api\/accounts\/me(\/|$)/, 'Own account'],
  [/\/external$/, 'External accounts'],
  [/\/api_keys(\/|$)/, 'API keys'],
  [/^\/api\/accounts(\/|$)/, 'Accounts'],
  [/^\/api\/spaces(\/|$)/, 'Spaces'],
];
const order = ['Accounts', 'API keys', 'External accounts', 'Own account', 'Sign-in by code', 'Contacts', 'Spaces'];

/** The manual of the API, made from its OpenAPI document; whatever that does not say is left out. */
export function apiManualPage(openapi: unknown): Page {
  const { title, version, description } = apiTitle(openapi);
  const publicUrl = serverUrl(openapi);
  const prefix = publicUrl === '' ? '' : pathPrefixOf(publicUrl);
  const groups = groupOperations(readOperations(openapi));
  const main = html`<h1>The API</h1>
<p class="lead">!${prose(description)}</p>
<p>It speaks JSON over HTTP: bodies are <code>application/json</code>, dates are ISO 8601 in UTC, unknown fields are refused by name. Programs find all of this page in <a href="${prefix}/api/openapi.json">openapi.json</a> (OpenAPI 3.1); people find what phones do in <a href="${prefix}/provisioning/documentation">How phones are set up</a>.</p>
!${aboutAuthentication(publicUrl)}
!${groups.map(groupSection)}`;
  const contents = html`<nav class="contents" aria-label="Contents">
<ul>
<li><a href="#about--auth">Who is calling</a></li>
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
      home: `${prefix}/`,
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

/** The operations as the manual groups them; what fits nowhere comes last. */
export function groupOperations(operations: readonly Operation[]): Group[] {
  const groups = Map.groupBy(operations, ({ path }) => titleOf(path));
  const titles = [
    ...order.filter((title) => groups.has(title)),
    ...[...groups.keys()].filter((title) => !order.includes(title)),
  ];
  return titles.map((title) => ({
    id: `group-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
    title,
    operations: groups.get(title) ?? [],
  }));
}

function titleOf(path: string): string {
  const known = groupTitles.find(([pattern]) => pattern.test(path));
  return known?.[1] ?? 'Other';
}
