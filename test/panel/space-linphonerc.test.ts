import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { dumpDatabase } from '../support/database-dump.ts';
import { forEachDatabase } from '../support/databases.ts';
import { attributeOf, textOf } from '../support/html.ts';
import { changesAfter, latestEvent } from '../support/latest-event.ts';
import { openPanel, type PanelBrowser, panelBrowser } from '../support/panel.ts';

const path = '/admin/spaces/sip.example.test/linphonerc';
const first = '[sip]\nmedia_encryption=srtp\n';
const second = '[sip]\nmedia_encryption=zrtp\n[ldap_0]\npassword=hidden-secret\n';

forEachDatabase('the page of the Linphone settings of a space', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    ({ t, browser } = await openPanel(await makeUrl()));
  });
  after(() => t.close());

  const unchanged = async (fields: Record<string, string>, status = 200) => {
    const before = await dumpDatabase(t.app.database);
    const answer = await browser.post(path, fields);
    assert.equal(answer.status, status, answer.html);
    assert.deepEqual(await dumpDatabase(t.app.database), before);
    return answer.html;
  };
  const publish = async (linphonerc: string) => {
    const { status, html } = await browser.post(path, { action: 'publish', linphonerc });
    assert.equal(status, 303, html);
  };

  test('shows what the linter finds, by line, and what the keys mean', async () => {
    const html = await unchanged({ action: 'check', linphonerc: '[net]\r\nnat_polcy_ref=default\r\nmtu=1300\r\n' });
    assert.match(textOf(html), /Line 2\b.*nat_polcy_ref/);
    assert.match(html, /<code>\[net\] mtu<\/code>/);
    assert.match(html, /<textarea id="linphonerc"[^>]*>\n\[net\]\nnat_polcy_ref/);
  });

  test('shows the difference before it publishes, with secrets masked', async () => {
    await publish(first);
    const html = await unchanged({ action: 'review', linphonerc: second, base: '1' });
    assert.match(html, /value="publish"/);
    assert.match(textOf(html), /srtp/);
    assert.match(textOf(html), /\*{8}/);
    assert.doesNotMatch(html.replace(/<textarea[\s\S]*?<\/textarea>/g, ''), /hidden-secret/);
    assert.doesNotMatch(html, /Somebody else has published/);
  });

  test('publishes a text with an event, and keeps one with mistakes in the form', async () => {
    const last = await latestEvent(t.app);
    await publish(second);
    assert.deepEqual(await changesAfter(t.app, last), [{ kind: 'space-changed', actor: 'account' }]);
    assert.equal((await t.api('GET', '/api/spaces/sip.example.test')).json.linphonerc, second);
    const html = await unchanged({ action: 'publish', linphonerc: '[sip\nx<script>alert(1)</script>' }, 422);
    assert.match(html, /id="linphonerc"[^>]* aria-invalid="true"/);
    assert.doesNotMatch(html, /<script>alert/);
  });

  test('keeps a text that is too long in the form, and says so before it can be published', async () => {
    const line = 'media_encryption=srtp\n';
    const linphonerc = `[sip]\n${line.repeat(10_000)}`;
    for (const action of ['check', 'preview', 'review', 'publish']) {
      const html = await unchanged({ action, linphonerc }, 422);
      assert.match(html, /id="linphonerc-mistake">.*at most 200,000 characters/i);
      assert.equal(html.match(/^media_encryption/gm)?.length, 10_000);
      assert.doesNotMatch(html, /value="publish"/);
    }
  });

  test('says that somebody else has published meanwhile', async () => {
    const base = attributeOf((await browser.get(path)).html, /name="base"/, 'value') ?? assert.fail();
    await t.api('PUT', '/api/spaces/sip.example.test', { linphonerc: first });
    assert.match(await unchanged({ action: 'review', linphonerc: second, base }), /Somebody else has published/);
  });

  test('shows what would differ for one account', async () => {
    await t.makeAccount({ username: 'ida', display_name: 'Ida', activated: true });
    const html = await unchanged({ action: 'preview', linphonerc: second, account: 'ida' });
    assert.match(textOf(html), /Ida would get.*zrtp/);
    assert.match(await unchanged({ action: 'preview', linphonerc: second, account: 'nobody' }), /no account “nobody”/);
  });

  test('lists each published text with who and when, and publishes an earlier one again', async () => {
    const { html } = await browser.get(`${path}/versions`);
    assert.deepEqual(
      [...html.matchAll(/versions\/(\d+)"/g)].map(([, number]) => number),
      ['3', '2', '1'],
    );
    assert.match((await browser.get(`${path}/versions/3`)).html, /same as the published/);
    const version = await browser.get(`${path}/versions/2`);
    assert.match(version.html, /hidden-secret/);
    assert.match(textOf(version.html), /Version 2, by admin/);
    const { status } = await browser.post(`${path}/versions/2`, {});
    assert.equal(status, 303);
    assert.equal((await t.api('GET', '/api/spaces/sip.example.test')).json.linphonerc, second);
    assert.equal((await browser.get(`${path}/versions/99`)).status, 404);
  });

  test('shows the same versions as the API', async () => {
    const url = '/api/spaces/sip.example.test/linphonerc_versions';
    const versions = (await t.api('GET', url)).json;
    assert.deepEqual(
      versions.map(({ number }: { number: number }) => number),
      [4, 3, 2, 1],
    );
    assert.equal((await t.api('GET', `${url}/1`)).json.linphonerc, first);
    assert.equal((await t.api('GET', `${url}/99`)).status, 404);
  });

  test('makes two versions if two people publish at once, and the later one counts', async () => {
    const texts = ['[sip]\ninc_timeout=10\n', '[sip]\ninc_timeout=20\n'];
    await Promise.all(texts.map(publish));
    const [newest] = (await t.api('GET', '/api/spaces/sip.example.test/linphonerc_versions')).json;
    const { linphonerc } = (await t.api('GET', '/api/spaces/sip.example.test')).json;
    const whole = await t.api('GET', `/api/spaces/sip.example.test/linphonerc_versions/${newest.number}`);
    assert.equal(newest.number, 6);
    assert.equal(whole.json.linphonerc, linphonerc);
  });

  const published = async () => {
    const { linphonerc } = (await t.api('GET', '/api/spaces/sip.example.test')).json;
    return linphonerc;
  };

  test('shows the review again, and publishes nothing, if somebody else has published after it', async () => {
    const reviewed = await unchanged({ action: 'review', linphonerc: second });
    const base = attributeOf(reviewed, /name="base"/, 'value') ?? assert.fail();
    const theirs = '[sip]\nmedia_encryption=none\n';
    await t.api('PUT', '/api/spaces/sip.example.test', { linphonerc: theirs });
    const again = await unchanged({ action: 'publish', linphonerc: second, base }, 409);
    assert.match(again, /Somebody else has published in the meantime/);
    const now = /<h2>Publish these changes\?<\/h2>([\s\S]*?)<\/section>/.exec(again)?.[1] ?? assert.fail(again);
    assert.match(textOf(now), /none.*zrtp/);
    const newer = attributeOf(again, /name="base"/, 'value') ?? assert.fail();
    assert.match(again, /value="publish"/);
    const publishNow = () => browser.post(path, { action: 'publish', linphonerc: second, base: newer });
    assert.equal((await publishNow()).status, 303);
    assert.equal((await publishNow()).status, 303, 'again, with the text that is published now');
    assert.equal(await published(), second);
  });

  test('shows the difference again, and publishes no earlier version, if somebody else has published after it', async () => {
    const latest = /versions\/(\d+)"/.exec((await browser.get(`${path}/versions`)).html)?.[1] ?? assert.fail();
    await publish('[sip]\ninc_timeout=21\n');
    const version = `${path}/versions/${latest}`;
    const shown = await browser.get(version);
    const base = attributeOf(shown.html, /name="base"/, 'value') ?? assert.fail();
    const theirs = '[sip]\ninc_timeout=22\n';
    await t.api('PUT', '/api/spaces/sip.example.test', { linphonerc: theirs });
    const refused = await browser.post(version, { base });
    assert.equal(refused.status, 409);
    assert.match(textOf(refused.html), /Somebody else has published in the meantime.*22/);
    assert.equal(await published(), theirs);
    const newer = attributeOf(refused.html, /name="base"/, 'value') ?? assert.fail();
    assert.equal((await browser.post(version, { base: newer })).status, 303);
    assert.notEqual(await published(), theirs);
  });

  test('never shows an older text as the one that was compared, even if another node has just published', async (context) => {
    const url = await makeUrl();
    const [here, other] = [
      await openTestApp(url, {}, { runsJobs: false }),
      await openTestApp(url, {}, { runsJobs: false }),
    ];
    context.after(() => Promise.all([here.close(), other.close()]));
    const own = panelBrowser(here, '192.0.2.77');
    await own.signIn('admin', 'administrator');
    await here.setSpace({ linphonerc: '[sip]\ninc_timeout=31\n' });
    await here.setSpace({ linphonerc: '[sip]\ninc_timeout=32\n' });
    await other.app.spaces.refresh();
    await other.setSpace({ linphonerc: '[sip]\ninc_timeout=33\n' });
    const earliest = [...(await own.get(`${path}/versions`)).html.matchAll(/versions\/(\d+)"/g)].at(-1)?.[1];
    const version = (await own.get(`${path}/versions/${earliest}`)).html;
    assert.match(textOf(version), /33/);
    const review = (await own.post(path, { action: 'review', linphonerc: '[sip]\ninc_timeout=34\n' })).html;
    assert.match(textOf(review), /33.*34/);
  });

  test('publishes one of several texts if people who reviewed the same version publish at once', async () => {
    const reviewed = await unchanged({ action: 'review', linphonerc: first });
    const base = attributeOf(reviewed, /name="base"/, 'value') ?? assert.fail();
    const texts = [5, 6, 7, 8].map((each) => `[sip]\ninc_timeout=${each}\n`);
    const answers = await Promise.all(
      texts.map((linphonerc) => browser.post(path, { action: 'publish', linphonerc, base })),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [303, 409, 409, 409]);
    assert.equal(await published(), texts[answers.findIndex(({ status }) => status === 303)]);
  });
});
