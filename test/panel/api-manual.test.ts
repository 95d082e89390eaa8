import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { apiManualPage } from '../../src/panel/pages/api-manual.ts';
import { allAttributes, textOf } from '../support/html.ts';

const hostile = '"><script>alert(1)</script>';
const account = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'integer' }, realm: { type: ['string', 'null'] } },
};
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });

const document = {
  openapi: '3.1.0',
  info: { title: 'Ringup', version: '1', description: 'Accounts and `tokens`.' },
  servers: [{ url: 'https://example.com/phones' }],
  tags: [{ name: 'Accounts' }, { name: 'Unused' }, { name: 'Own account' }, { name: 'Contacts' }],
  paths: {
    '/provisioning/{token}': {
      get: { summary: 'A configuration', description: 'Once.', 'x-caller': 'anyone', tags: ['Provisioning'] },
    },
    '/api/accounts': {
      post: {
        summary: 'Make an account',
        description: 'With `activated` at once.',
        'x-caller': 'admin',
        tags: ['Accounts'],
        requestBody: json({
          type: 'object',
          required: ['username'],
          properties: {
            username: { type: 'string', minLength: 1, maxLength: 128, description: 'The user part.' },
            algorithm: { enum: ['SHA-256', 'MD5'] },
            phone: { type: ['string', 'null'], pattern: '^\\+[1-9]$' },
            seeded: { type: 'array', items: { type: 'string' }, maxItems: 7 },
          },
        }),
        responses: { 200: json(account) },
      },
      get: {
        summary: 'List accounts',
        'x-caller': 'admin',
        tags: ['Accounts'],
        parameters: [
          { in: 'query', name: 'page', schema: { type: 'string' }, description: 'From 1.' },
          { in: 'path', name: 'id', schema: { type: 'string' } },
        ],
        responses: { 200: json({ type: 'array', items: account }) },
      },
      head: { summary: 'List accounts', 'x-caller': 'admin', tags: ['Accounts'] },
    },
    '/api/accounts/me': { get: { summary: 'Own account', tags: ['Own account'] } },
    '/api/accounts/{id}/contacts': { get: { summary: 'Contacts of an account', tags: ['Contacts'] } },
    '/api/accounts/me/contacts/{sip}': { get: { summary: 'One contact', tags: ['Contacts'] } },
    '/health/live': { get: { summary: 'Alive' } },
  },
};

const { html, status } = apiManualPage(document);

/** What the page says of one operation. */
function operation(id: string): string {
  return textOf(html.match(new RegExp(`<section class="operation" id="${id}">.*?</section>`, 's'))?.[0] ?? '');
}

describe('the manual of the API', () => {
  test('says that a change with a cookie must come from a page of this server', () => {
    const text = textOf(html);
    assert.match(text, /Sec-Fetch-Site must be same-origin\. If the browser does not send it/);
    assert.match(text, /A failure under \/api or \/health is JSON/);
  });

  test('introduces the API and links to the document for programs', () => {
    assert.equal(status, undefined);
    assert.match(html, /<title>The API – Ringup 1<\/title>/);
    assert.match(html, /Accounts and <code>tokens<\/code>\./);
    assert.ok(allAttributes(html, 'href').includes('/phones/api/openapi.json'));
  });

  test('explains under about--auth how a request proves who is calling, and how errors look', () => {
    assert.equal(html.match(/id="about--auth"/g)?.length, 1);
    const section = textOf(html.match(/<section aria-labelledby="about--auth">.*?<\/section>/s)?.[0] ?? '');
    for (const subject of [
      'API key in a header',
      'API key in a cookie',
      'HTTP Digest',
      'MD5',
      'SHA-256',
      'super-admin',
    ]) {
      assert.ok(section.includes(subject), subject);
    }
    assert.match(section, /curl -H 'x-api-key: KEY' https:\/\/example\.com\/phones\/api\/accounts/);
    assert.match(section, /"errors": \{"username": \["is required"\]\}/);
  });

  test('groups operations by their tags, in the document’s order, each group in the list of contents', () => {
    const groups = [...html.matchAll(/<h2 id="(group-[^"]*)" lang="en">(.*?)<\/h2>/g)].map(([, id, title]) => ({
      id,
      title,
    }));
    assert.deepEqual(
      groups.map(({ title }) => title),
      ['Accounts', 'Own account', 'Contacts', 'Provisioning', 'Other'],
    );
    for (const { id } of groups) assert.ok(allAttributes(html, 'href').includes(`#${id}`), id);
  });

  test('shows the method, path, summary, description and caller of each operation', () => {
    assert.match(
      operation('post-api-accounts'),
      /^POST \/api\/accounts Make an account\. With activated at once\. Who may call: admin Body /,
    );
    assert.match(
      operation('get-provisioning-token-'),
      /^GET \/provisioning\/\{token\} A configuration\. Once\. Who may call: anyone$/,
    );
  });

  test('lists the fields of a body with type, constraints, meaning and whether they are required', () => {
    const text = operation('post-api-accounts');
    assert.match(text, /username required string The user part\. not empty, at most 128 characters/);
    assert.match(text, /algorithm "SHA-256" \| "MD5"/);
    assert.match(text, /phone string \| null matches \^\\\+\[1-9\]\$/);
    assert.match(text, /seeded list of strings at most 7 in the list/);
    assert.doesNotMatch(text, /algorithm required/);
  });

  test('lists the query parameters, without those of the path', () => {
    assert.match(operation('get-api-accounts'), /Query Field Type Meaning page string From 1\. Returns 200/);
  });

  test('shows what is returned, and for a list its items', () => {
    assert.match(
      operation('post-api-accounts'),
      /Returns 200: an object of POST \/api\/accounts .* id integer realm not always string \| null$/,
    );
    assert.match(
      operation('get-api-accounts'),
      /Returns 200: a list of objects .* id integer realm not always string \| null$/,
    );
  });

  test('lists every call in its contents, by method and path', () => {
    const contents = html.match(/<nav class="contents".*?<\/nav>/s)?.[0] ?? '';
    assert.match(textOf(contents), /POST \/api\/accounts GET \/api\/accounts /);
    for (const id of ['post-api-accounts', 'get-api-accounts', 'get-provisioning-token-', 'get-health-live']) {
      assert.ok(allAttributes(contents, 'href').includes(`#${id}`), id);
    }
  });

  test('shows the example of a call with its answer, for the server that shows it', () => {
    const request = "curl 'https://ringup.example.com/api/accounts'";
    const example = { request, status: 200, type: 'application/json', answer: '{"data": ["<b>"]}' };
    const page = apiManualPage(document, { 'GET /api/accounts': example });
    const text = textOf(page.html.match(/<section class="operation" id="get-api-accounts">.*?<\/section>/s)?.[0] ?? '');
    assert.match(
      text,
      /curl 'https:\/\/example\.com\/phones\/api\/accounts' ?Answers 200 application\/json \{"data": \["<b>"\]\}/,
    );
    assert.doesNotMatch(page.html, /<b>"/);
  });

  test('shows no pages for people, because they are not calls', () => {
    const page = apiManualPage({ paths: { '/setup/{token}': { get: { summary: 'A page', tags: ['Pages'] } } } });
    assert.doesNotMatch(page.html, /setup/);
  });

  test('shows an operation of several methods once', () => {
    assert.match(operation('get-api-accounts'), /^GET \/api\/accounts List accounts/);
    assert.doesNotMatch(html, /id="head-api-accounts"/);
  });

  test('has no two elements with the same id', () => {
    const ids = allAttributes(html, 'id');
    assert.deepEqual(ids, [...new Set(ids)]);
  });
});

test('a document with references shows their targets, and nothing for a reference to itself or to a missing target', () => {
  const { html } = apiManualPage({
    paths: {
      '/a': { get: { responses: { 200: json({ type: 'array', items: { $ref: '#/components/schemas/Account' } }) } } },
      '/b': { post: { requestBody: json({ $ref: '#/components/schemas/None' }) } },
    },
    components: {
      schemas: {
        Account: { ...account, properties: { ...account.properties, owner: { $ref: '#/components/schemas/Account' } } },
      },
    },
  });
  assert.match(textOf(html), /Returns 200: a list of objects .* id integer realm not always string \| null owner/);
});

describe('a document with missing or unknown parts', () => {
  const cases: Record<string, unknown> = {
    nothing: undefined,
    'no document': 'a text',
    'an empty one': {},
    'paths without operations': { paths: { '/a': null, '/b': [], '/c': { get: 7, summary: 'x', post: {} } } },
    'broken schemas': {
      paths: { '/a': { post: { parameters: 3, requestBody: { content: [] }, responses: { 200: null } } } },
    },
    'broken fields': {
      paths: {
        '/a': { put: { requestBody: json({ properties: { x: null, y: { type: 4, enum: 'no' } }, required: 'x' }) } },
      },
    },
  };
  for (const [name, value] of Object.entries(cases)) {
    test(`still explains who may call: ${name}`, () => {
      assert.match(apiManualPage(value).html, /id="about--auth"/);
    });
  }

  test('hostile texts are shown as text everywhere', () => {
    const schema = {
      properties: { [hostile]: { type: hostile, enum: [hostile], description: hostile, default: hostile } },
    };
    const { html } = apiManualPage({
      info: { title: hostile, version: hostile, description: `${hostile} \`${hostile}` },
      servers: [{ url: `https://example.com/${hostile}` }],
      paths: {
        [`/${hostile}`]: {
          post: {
            summary: hostile,
            description: hostile,
            'x-caller': hostile,
            tags: [hostile],
            parameters: [{ in: 'query', name: hostile, schema: { type: hostile }, description: hostile }],
            requestBody: json(schema),
            responses: { [hostile]: json(schema) },
          },
        },
      },
    });
    assert.doesNotMatch(html, /<script/);
    assert.ok(textOf(html).includes(hostile));
  });
});

test('the manual of the API has its contents and headings in French, and says that its text is English', () => {
  const french = apiManualPage(document, {}, 'fr').html;
  assert.match(french, /<html lang="fr">/);
  assert.match(textOf(french), /L’API Le texte de ce manuel est en anglais\./);
  assert.match(french, /<nav class="contents" aria-label="Table des matières">[\s\S]*<summary>Comptes<\/summary>/);
  assert.match(french, /<main lang="en">/);
  // A heading with a path is of no language.
  const headings = [...french.matchAll(/<h[1-3]([^>]*)>(?:(?!<\/h).)*<\/h[1-3]>/gs)].filter(
    ([all]) => !all.includes('<code>'),
  );
  assert.ok(headings.length > 8);
  assert.deepEqual(
    headings.filter(([, attributes]) => !attributes?.includes('lang="fr"')).map(([all]) => all),
    [],
  );
  assert.match(french, /<h3 id="errors" lang="fr">Erreurs<\/h3>/);
  assert.match(french, /<h2 id="group-accounts" lang="fr">Comptes<\/h2>/);
});
