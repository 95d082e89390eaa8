import type { FastifyInstance } from 'fastify';
import { html } from 'ghtml';
import { openapiDocument } from '../../http/openapi.ts';
import { type Page, sendPage } from '../../http/page.ts';
import { openEndpoint } from '../../http/route.ts';
import { onceFor } from '../../lib/once-for.ts';
import { isMessageKey, type Language, translator } from '../../locale/translate.ts';
import { type ApiExample, exampleUrl, readApiExamples } from '../api-examples.ts';
import { languageLinks, layout, pathPrefixOf } from '../layout.ts';
import { apiTitle, type Operation, readOperations, serverUrl, tagNames } from '../openapi-reader.ts';
import { aboutAuthentication } from '../parts/about-authentication.ts';
import { operationId, operationSection } from '../parts/operation.ts';
import { breakable, englishNote, prose } from '../parts/prose.ts';
import { readerOf } from '../reader.ts';

interface Group {
  readonly id: string;
  readonly title: string;
  readonly operations: readonly Operation[];
}

export const showApiManual = openEndpoint({
  summary: 'Show the manual of the API',
  needsNoDatabase: true,
  produces: ['text/html'],
  handle: ({ app, request, reply }) =>
    sendPage(reply, pagesIn[readerOf(app, request, reply).language](app.address.current, request.server)),
});

const pageIn = (language: Language) =>
  onceFor(({ url }: { readonly url: string }, server: FastifyInstance) =>
    apiManualPage(openapiDocument(server, url), readApiExamples(), language),
  );
const pagesIn = { en: pageIn('en'), fr: pageIn('fr') } satisfies Record<Language, unknown>;

/**
 * Returns the manual of the API, made from its OpenAPI document. Missing parts of the document are left out. The text
 * is in English; the headings and the table of contents are in `language`.
 */
export function apiManualPage(
  openapi: unknown,
  examples: Readonly<Record<string, ApiExample>> = {},
  language: Language = 'en',
): Page {
  const t = translator(language);
  const { title, version, description } = apiTitle(openapi);
  const publicUrl = serverUrl(openapi);
  const prefix = publicUrl === '' ? '' : pathPrefixOf(publicUrl);
  const groups = groupOperations(openapi);
  const main = html`<h1 lang="${language}">${t('home.api')}</h1>
!${englishNote(language)}
<p class="lead">!${prose(description)}</p>
<p>The API uses JSON over HTTP: bodies are <code>application/json</code>, and dates are ISO 8601 in UTC. Unknown fields are refused by name. For programs, this page is also available as <a href="${prefix}/api/openapi.json">openapi.json</a> (OpenAPI 3.1). <a href="${prefix}/provisioning/documentation">How phones are set up</a> says what phones do.</p>
!${aboutAuthentication(publicUrl, language)}
!${groups.map((group) => groupSection(group, examples, { publicUrl, language }))}`;
  const contents = html`<nav class="contents" aria-label="${t('manual.contents')}">
<ul>
<li><a href="#about--auth">${t('manual.authentication')}</a></li>
<li><a href="#callers">${t('manual.callers')}</a></li>
<li><a href="#errors">${t('manual.errors')}</a></li>
</ul>
!${groups.map((group) => groupContents(language, group))}
</nav>`;
  const name = [title, version].filter((part) => part !== '').join(' ');
  return {
    html: layout({
      title: name === '' ? t('home.api') : `${t('home.api')} – ${name}`,
      language,
      mainLanguage: 'en',
      end: languageLinks(language, ''),
      width: 'manual',
      prefix,
      leadsHome: true,
      main,
      contents,
    }),
  };
}

/** Returns a group of the table of contents. It is collapsible, because small screens have no room beside the text. */
function groupContents(language: Language, { id, title, operations }: Group): string {
  const t = translator(language);
  const name = groupName(language, title);
  const calls = operations.map(
    (operation) =>
      html`<li><a href="#${operationId(operation)}"><span>${operation.methods.join(' ')}</span> !${breakable(operation.path)}</a></li>`,
  );
  return html`<details><summary>${name}</summary>
<ul class="calls">
<li><a href="#${id}">${t('manual.allOf', { name })}</a></li>
!${calls}
</ul>
</details>
`;
}

function groupName(language: Language, title: string): string {
  const key = `manual.group.${title}`;
  return isMessageKey(key) ? translator(language)(key) : title;
}

function groupSection(
  { id, title, operations }: Group,
  examples: Readonly<Record<string, ApiExample>>,
  { publicUrl, language }: { readonly publicUrl: string; readonly language: Language },
): string {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}" lang="${language}">${groupName(language, title)}</h2>
!${operations.map((operation) => operationSection(operation, exampleOf(operation, examples, publicUrl)))}
</section>
`;
}

/**
 * Returns the first example of any of the operation's methods. The address in it is replaced with that of this server.
 */
function exampleOf(
  { methods, path }: Operation,
  examples: Readonly<Record<string, ApiExample>>,
  publicUrl: string,
): ApiExample | undefined {
  const [example] = methods.flatMap((method) => examples[`${method} ${path}`] ?? []);
  if (example === undefined) return undefined;
  const here = (text: string) => text.replaceAll(exampleUrl, publicUrl);
  return { ...example, request: here(example.request), answer: here(example.answer) };
}

/**
 * Groups the operations by tag, in the order of the document. Operations without a tag come last. Leaves out pages for
 * people.
 */
export function groupOperations(openapi: unknown): Group[] {
  const calls = readOperations(openapi).filter(({ tag }) => tag !== 'Pages');
  const groups = Map.groupBy(calls, ({ tag }) => (tag === '' ? 'Other' : tag));
  const known = tagNames(openapi).filter((name) => groups.has(name));
  return [...new Set([...known, ...groups.keys()])].map((title) => ({
    id: `group-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
    title,
    operations: groups.get(title) ?? [],
  }));
}
