import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { InjectOptions } from 'fastify';
import type { EventKind } from '../src/events/event.ts';
import type { Route } from '../src/http/route.ts';
import { facesOf, routesOf } from '../src/server.ts';
import type { TestApp } from './support/app.ts';
import { type ChangingForm, changingForms, harmlessActions } from './support/changing-forms.ts';
import { type ApiRequest, apiEvents, apiRequests, makeScene } from './support/changing-requests.ts';
import { forEachDatabase } from './support/databases.ts';
import { changesAfter, latestEvent } from './support/latest-event.ts';
import { openPanel, type PanelBrowser, panelBrowser } from './support/panel.ts';

const changing = routesOf(facesOf('')).filter(({ changes }) => changes);
const known = { ...apiRequests, ...changingForms };

function nameOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

test('each route that changes something has a request here, or a reason not to', () => {
  assert.deepEqual(Object.keys(known).sort(), changing.map(nameOf).sort());
  const exempt = changing.filter((route) => known[nameOf(route)] === 'strangers may call it');
  assert.deepEqual(exempt.map(nameOf), changing.filter(({ caller }) => caller === 'anyone').map(nameOf));
  assert.deepEqual(
    Object.keys(apiEvents).sort(),
    Object.keys(apiRequests)
      .filter((name) => typeof apiRequests[name] === 'function')
      .sort(),
  );
});

/** What the buttons of a form say, each `POST /path action`. */
function actionsOf(route: Route): string[] {
  const { properties } = (route.endpoint.form ?? {}) as { properties?: { action?: { enum?: readonly string[] } } };
  return (properties?.action?.enum ?? []).map((each) => `${nameOf(route)} ${each}`);
}

test('each page with actions declares them', () => {
  const withActions = globSync('src/panel/pages/*.ts').filter((path) =>
    /\baction: Type\b/.test(readFileSync(path, 'utf8')),
  );
  const silent = withActions.filter((path) => !/^ {2}form(?:: \w+)?,$/m.test(readFileSync(path, 'utf8')));
  assert.deepEqual(silent, []);
});

forEachDatabase('the timeline', (makeUrl) => {
  let t: TestApp;
  let administrator: PanelBrowser;
  const tried = new Set<string>();
  before(async () => {
    ({ t, browser: administrator } = await openPanel(await makeUrl(), { RINGUP_PUBLIC_URL: '' }));
  });
  after(() => t.close());

  for (const route of changing) {
    const make = apiRequests[nameOf(route)];
    if (typeof make !== 'function') continue;
    const kinds = apiEvents[nameOf(route)] ?? [];
    test(`${nameOf(route)} ${recording(kinds)}`, async () => {
      const request = await make(await makeScene(t));
      const last = await latestEvent(t.app);
      const { statusCode, body } = await t.server.inject(injected(route.method, request, t.adminKey));
      assert.match(String(statusCode), /^20[012]$/, body);
      const actor = request.key === undefined ? 'api-key' : 'self';
      assert.deepEqual(await changesAfter(t.app, last), by(actor, kinds));
    });
  }

  const submit = async (route: Route, form: ChangingForm) => {
    const isOwn = route.caller === 'holder';
    const { records, send, status: answer = 303, changesReader = isOwn } = form;
    const scene = await makeScene(t);
    const browser = isOwn ? panelBrowser(t, `192.0.2.${scene.account.id % 250}`) : administrator;
    if (isOwn) await browser.signIn(scene.account.username, 'secret');
    const [url, fields = {}] = await send({ ...scene, browser });
    if (fields.action !== undefined) tried.add(`${nameOf(route)} ${fields.action}`);
    const last = await latestEvent(t.app);
    const { status, html } = await browser.post(url, fields);
    assert.equal(status, answer, html);
    assert.deepEqual(await changesAfter(t.app, last), by(changesReader ? 'self' : 'account', records));
  };

  for (const route of changing) {
    const forms = changingForms[nameOf(route)];
    if (forms === undefined || typeof forms === 'string') continue;
    for (const form of forms) {
      const title = `${nameOf(route)} ${form.does} and ${recording(form.records)}`;
      test(title, () => submit(route, form));
    }
  }

  test('records what each action of a form does, unless there is a reason not to', () => {
    const actions = changing.filter((route) => typeof changingForms[nameOf(route)] === 'object').flatMap(actionsOf);
    assert.ok(actions.length > 30);
    assert.deepEqual([...tried, ...Object.keys(harmlessActions)].toSorted(), actions.toSorted());
  });
});

function recording(kinds: readonly EventKind[]): string {
  return kinds.length === 0 ? 'records no event' : `records ${kinds.join(' and ')}`;
}

function by(actor: string, kinds: readonly EventKind[]): { kind: EventKind; actor: string }[] {
  return kinds.map((kind) => ({ kind, actor }));
}

function injected(method: Route['method'], request: ApiRequest, adminKey: string): InjectOptions {
  const { url, body, key = adminKey } = request;
  const headers = { 'x-api-key': key };
  if (body === undefined) return { method, url, headers };
  return {
    method,
    url,
    headers: { ...headers, 'content-type': 'application/json' },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
