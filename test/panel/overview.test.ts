import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { textOf } from '../support/html.ts';
import { type PanelBrowser, panelBrowser } from '../support/panel.ts';
import { waitUntil } from '../support/wait-until.ts';

const day = 24 * 60 * 60_000;
const agent = 'LinphoneAndroid/6.0.12 (Pixel 7) LinphoneSDK/5.4.20';

forEachDatabase('the overview', (makeUrl) => {
  let t: TestApp;
  let browser: PanelBrowser;
  before(async () => {
    t = await openTestApp(
      await makeUrl(),
      { RINGUP_PUBLIC_URL: 'http://10.0.0.5:8080' },
      { startsAt: Date.UTC(2026, 10, 20, 12) },
    );
    browser = panelBrowser(t);
    await browser.signIn('admin', 'administrator');
  });
  after(() => t.close());

  const overview = async (query = '') => (await browser.get(`/admin${query}`)).html;
  const event = (kind: string, at: number, accountId: number | null = null) =>
    t.app.database
      .insertInto('events')
      .values({ at, kind, space_id: 1, account_id: accountId, detail: '{}' })
      .execute();

  test('counts accounts by state, those that are set up, and those that are ready to ring once the SIP server is known', async () => {
    assert.match(textOf(await overview()), /No phone is set up yet Nobody needs you\. No code is waiting\./);
    const account = await t.makeAccount();
    const token = await t.makeToken(account);
    assert.match(textOf(await overview()), /1 has a code waiting\./);
    await t.server.inject({ url: `/provisioning/${token}`, headers: { 'user-agent': agent } });
    await t.app.deliveries.settleAll();
    assert.ok(await waitUntil(async () => textOf(await overview()).includes('1 of 2 has its account in a phone')));
    await browser.post('/admin', { done: 'credentials' });
    assert.match(textOf(await overview()), /1 of 2 is ready to ring/);
    const html = await overview();
    assert.match(
      html,
      /href="\/admin\/accounts\?filter&#61;active"><span class="figure">1<|filter=active"><span class="figure">1</,
    );
  });

  test('counts the phones of each of the last 30 days, by the clock of the space, each event once', async () => {
    const now = t.app.now();
    await event('delivered', now - 29 * day);
    await event('delivered', now - 2 * day);
    await event('answer-lost', now - 2 * day);
    await event('refused', now - 2 * day);
    await event('delivered', now - 40 * day);
    const count = async () => {
      const days = await t.app.provisioningDays.lastDays({ id: 1 }, 'UTC', now);
      assert.equal(days.length, 30);
      assert.deepEqual(days.at(-3), { date: '2026-11-18', delivered: 1, lost: 1 });
      return days.reduce((sum, { delivered, lost }) => sum + delivered + lost, 0);
    };
    const before = await count();
    for (let times = 0; times < 3; times += 1) {
      await t.app.provisioningDays.count();
      assert.equal(await count(), before);
    }
    const html = await overview();
    assert.match(html, /<rect class="lost"/);
    assert.match(textOf(html), /18 Nov.*1 1/);
  });

  test('shows the same days to every administrator: those of the space', async () => {
    const domain = 'newyork.example.test';
    await t.setSpace({ time_zone: 'Europe/Paris' });
    const { json: space } = await t.api('POST', '/api/spaces', { domain, time_zone: 'America/New_York' });
    await t.makeAccount({ username: 'chief', password: 'right', domain, admin: true, activated: true });
    // At 02:00 UTC, it is already the 19th in Paris, and still the 18th in New York.
    const slot = Date.UTC(2026, 10, 19, 2);
    await t.app.database
      .insertInto('provisioning_counts')
      .values({ space_id: Number(space.id), slot, delivered: 1, lost: 0 })
      .execute();
    const chief = panelBrowser(t, '192.0.2.2');
    await chief.signIn(`chief@${domain}`, 'right');
    const tableIn = ({ html }: { readonly html: string }) => /<table[^>]*>.*?<\/table>/s.exec(html)?.[0] ?? '';
    const ofChief = tableIn(await chief.get('/admin'));
    assert.match(textOf(ofChief), /18 Nov\S* 1 0/);
    assert.equal(tableIn(await browser.get(`/admin?space=${domain}`)), ofChief);
    await t.setSpace({ time_zone: null });
  });

  test('counts each event once on two nodes', async () => {
    const { ProvisioningDays } = await import('../../src/administration/provisioning-days.ts');
    const nodes = [new ProvisioningDays(t.app.database), new ProvisioningDays(t.app.database)];
    await Promise.all(nodes.map((node) => node.count()));
    for (let times = 0; times < 20; times += 1) await event('delivered', t.app.now() - 5 * day);
    await Promise.all(nodes.map((node) => node.count()));
    await Promise.all(nodes.map((node) => node.count()));
    const days = await t.app.provisioningDays.lastDays({ id: 1 }, 'UTC', t.app.now());
    assert.equal(days.find(({ date }) => date === '2026-11-15')?.delivered, 20);
  });

  test('leads to the accounts that failed lately, with the reason and what helps', async () => {
    const account = await t.makeAccount({ display_name: '<b>Сергей</b>' });
    await t.app.database
      .updateTable('account_states')
      .set({ failed_at: t.app.now() - day, failure: 'too-many-devices' })
      .where('account_id', '=', account.id)
      .execute();
    const old = await t.makeAccount({ display_name: 'Long ago' });
    await t.app.database
      .updateTable('account_states')
      .set({ failed_at: t.app.now() - 8 * day, failure: 'lost' })
      .where('account_id', '=', old.id)
      .execute();
    const html = await overview();
    const [, part = ''] = /<ul class="attention">(.*?)<\/ul>/s.exec(html) ?? [];
    assert.match(textOf(part), /<b>Сергей<\/b>.*too many phones.*See phones/);
    assert.ok(part.includes(`href="/admin/accounts/${account.id}/devices"`));
    assert.doesNotMatch(html, /<b>Сергей/);
    assert.doesNotMatch(part, /Long ago/);
  });

  test('groups failures by reason, counts those of mails, and leads to all of a reason', async () => {
    const now = t.app.now();
    for (let number = 1; number <= 6; number += 1) {
      const { id } = await t.makeAccount({ display_name: `Bounced ${number}` });
      const failed = { failed_at: now - number, failure: `mail: 55${number} <i>no</i>` };
      await t.app.database.updateTable('account_states').set(failed).where('account_id', '=', id).execute();
    }
    const html = await overview();
    const [, group = ''] = /<h3><a [^>]*>Mail failed: 6<\/a><\/h3>(.*?)<\/section>/s.exec(html) ?? [];
    const [, list = '', rest = ''] = /<ul class="attention">(.*?)<\/ul>(.*?)(?:<h3>|$)/s.exec(group) ?? [];
    assert.equal((list.match(/<li>/g) ?? []).length, 4);
    assert.match(textOf(list), /Bounced 1551 <i>no<\/i>, .*Bounced 4554 /);
    assert.match(rest, /href="\/admin\/accounts\?filter&#61;failed&#38;reason&#61;mail&#38;days&#61;7">See all 6</);
    assert.match(html, /<h3><a [^>]*>Too many phones: 1<\/a><\/h3>/);
    assert.match(textOf(await overview('?lang=fr')), /E-mail non remis\s: 6/);
    await overview('?lang=en');
  });

  test('names the versions of Linphone in use, without those of other spaces', async () => {
    await t.app.linphoneVersions.walk();
    assert.match(textOf(await overview()), /Linphone on Android 6\.0\.12\s*1/);
    await t.api('POST', '/api/spaces', { domain: 'other.example.test' });
    assert.match(textOf(await overview('?space=other.example.test')), /No phone yet\./);
  });

  test('shows the eleven most frequent versions, and how many phones have any other', async (at) => {
    const counts = Array.from({ length: 14 }, (_, index) => ({
      app: 'Linphone on iOS',
      version: `6.${index}.0`,
      phones: 100 - index,
    }));
    const asked = at.mock.method(t.app.linphoneVersions, 'ofSpace', async () => counts);
    const text = textOf(await overview());
    asked.mock.restore();
    assert.match(text, /6\.10\.0\s*90\s*Other versions\s*264/);
    assert.doesNotMatch(text, /6\.11\.0/);
  });

  test('counts each phone once, however many ask for the versions at once', async () => {
    const { LinphoneVersions } = await import('../../src/devices/linphone-versions.ts');
    const { id } = await t.app.database.selectFrom('accounts').select('id').limit(1).executeTakeFirstOrThrow();
    const { id: _id, ...device } = await t.app.database.selectFrom('devices').selectAll().executeTakeFirstOrThrow();
    const agents = 2_500;
    for (let done = 0; done < agents; done += 50) {
      const many = Array.from({ length: 50 }, (_, number) => {
        const name = `many-${done + number}`;
        return {
          ...device,
          account_id: id,
          token_id: 100_000 + done + number,
          uuid: name,
          public_id: name,
          key_hash: name,
          agent: 'LinphoneiOS/6.1.0 (x)',
        };
      });
      await t.app.database.insertInto('devices').values(many).execute();
    }
    const fresh = new LinphoneVersions(t.app.database);
    const [counts = []] = await Promise.all([fresh.ofSpace(1), fresh.ofSpace(1), fresh.walk()]);
    assert.equal(counts.find(({ version }) => version === '6.1.0')?.phones, agents);
  });

  test('lists what is missing, and does not mention again what was ticked off', async () => {
    const before = await overview();
    assert.match(textOf(before), /Before you invite everyone/);
    for (const done of ['credentials', 'backup']) assert.equal((await browser.post('/admin', { done })).status, 303);
    const after = await overview();
    assert.match(textOf(after), /The server has an https address/);
    assert.doesNotMatch(after, /name="done"/);
    assert.match(after, /<a href="\/admin\/welcome\?step(=|&#61;)mail">Codes can go by mail<\/a>/);
    await t.setSpace({ smtp_url: 'smtp://127.0.0.1:2525', mail_from: 'phones@example.test' });
    assert.match(textOf(await overview()), /Codes can go by mail\s*No mail has gone out yet\./);
  });

  test('shows an administrator of another space only that one', async () => {
    await t.api('POST', '/api/spaces', { domain: 'third.example.test' });
    await t.makeAccount({
      domain: 'third.example.test',
      username: 'chief',
      admin: true,
      activated: true,
      password: 'right',
    });
    const chief = panelBrowser(t, '192.0.2.77');
    await chief.signIn('chief@third.example.test', 'right');
    const { html } = await chief.get('/admin');
    assert.match(textOf(html), /No phone is set up yet/);
    assert.doesNotMatch(html, /checklist/);
    assert.equal((await chief.get('/admin?space=sip.example.test')).status, 404);
    assert.equal((await chief.post('/admin', { done: 'backup' })).status, 403);
  });
});
