import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { dialectOf } from '../../src/storage/dialect.ts';
import { browserPrograms, startBrowser } from '../support/browser.ts';
import { checkSipServer } from '../support/check-sip-server.ts';
import { environmentOf } from '../support/cli.ts';
import { forEachDatabase, type MakeUrl, sqliteUrl } from '../support/databases.ts';
import { requirePrograms } from '../support/debian.ts';
import { fiftyColleagues, savedTable, wrongLines } from '../support/fifty-colleagues.ts';
import { type Registrar, registrarPrograms, startRegistrar } from '../support/kamailio.ts';
import { type MailServer, mailUser, startMailServer, trustedByChildren } from '../support/mail-server.ts';
import { phones } from '../support/phones.ts';
import { qrReaderPrograms, readQrCode } from '../support/qr-reader.ts';
import { startServe } from '../support/serve.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

const domain = 'firm.example.test';
const programs = { ...browserPrograms, ...registrarPrograms, ...qrReaderPrograms };
/** A space's mail server has one of these. */
const mailPorts = [2525, 587, 25];

/** What there is before anybody opens a page. */
interface Office {
  /** The link that `serve` prints. */
  readonly setupLink: string;
  readonly url: string;
  readonly registrar: Registrar;
  readonly smtp: MailServer;
}

async function openOffice(t: TestContext, databaseUrl: string): Promise<Office> {
  const smtp = await startMailServer({}, mailPorts);
  t.after(() => smtp.close());
  const serving = await startServe({ ...environmentOf(databaseUrl), ...trustedByChildren() });
  t.after(() => serving.stop());
  const [setupLink] = /http:\S+\/setup\/\S+/.exec(serving.said()) ?? assert.fail(serving.said());
  const registrar = await startRegistrar({
    database: dialectOf(databaseUrl) === 'sqlite' ? { sqlite: databaseUrl } : { postgres: databaseUrl },
    algorithm: 'SHA-256',
    table: 'sip_credentials_sha256',
  });
  t.after(() => registrar.stop());
  return { setupLink, url: serving.url, registrar, smtp };
}

async function openPage(t: TestContext, javaScriptEnabled: boolean): Promise<Page> {
  const browser = await startBrowser();
  t.after(() => browser.close());
  const context = await browser.newContext({ javaScriptEnabled, locale: 'en-GB' });
  return context.newPage();
}

const press = (page: Page, name: string | RegExp) => page.getByRole('main').getByRole('button', { name }).click();

/** From the link to the first page of the panel. */
async function setUp(page: Page, { setupLink, registrar, smtp }: Office): Promise<void> {
  await page.goto(setupLink);
  await page.getByLabel('SIP domain').fill(domain);
  await press(page, 'Continue');
  await page.getByLabel('SIP server').fill(`sip:127.0.0.1:${registrar.port};transport=tcp`);
  await checkSipServer(page);
  await page.getByText('405').waitFor();
  await press(page, 'Continue');
  await page.getByLabel('User name').fill('marta');
  await page.getByLabel('Password').fill('kowalczyk1');
  await press(page, 'Create the administrator');

  await page.getByRole('heading', { name: 'Where do phones reach this server?' }).waitFor();
  await press(page, 'Continue');
  await page.getByRole('heading', { name: 'Make one phone ring' }).waitFor();
  await press(page, 'Do this later');
  const password = encodeURIComponent(mailUser.password);
  await page.getByLabel('Mail server').fill(`smtp://${mailUser.user}:${password}@localhost:${smtp.port}`);
  await page.getByLabel('Sender').fill(`phones@${domain}`);
  await page.getByLabel('Your mail address').fill(`marta@${domain}`);
  await press(page, 'Continue');
  await page.getByText('The mail server took it:').waitFor();
  const [testMail] = await smtp.received(1);
  assert.deepEqual(testMail?.to, [`marta@${domain}`]);
  await page.getByRole('main').getByRole('link', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'No phone is set up yet' }).waitFor();
}

/** Waits for what an import shows at its end. The page follows it by itself; without script, it reloads itself. */
async function endOf(page: Page, sign: Locator): Promise<void> {
  await sign.waitFor();
  await page.waitForLoadState();
}

/** From the file with two mistakes to fifty accounts. */
async function importTable(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Import' }).click();
  await page.getByLabel('File').setInputFiles({ name: 'Collègues.csv', mimeType: 'text/csv', buffer: savedTable() });
  await press(page, 'Check');
  await endOf(page, page.locator('.mend'));
  await page.getByText('Nothing has been written yet. Semicolons, Windows-1252').waitFor();
  assert.deepEqual(await page.locator('.mend thead th').allTextContents(), [
    ...['Line', 'Prénom', 'Nom', 'E-mail', 'Téléphone', 'Groupe'],
  ]);
  const refused = page.locator('.mend tbody tr');
  const linesOf = () => refused.evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-line'))));
  assert.deepEqual(await linesOf(), [wrongLines.email, wrongLines.phone]);
  const wrongFields = page.locator('.mend [aria-invalid=true]');
  assert.deepEqual(await wrongFields.evaluateAll((fields) => fields.map((each) => each.getAttribute('name'))), [
    'email',
    'phone',
  ]);
  for (const field of ['email', 'phone'] as const) {
    const line = wrongLines[field];
    const colleague = fiftyColleagues[line - 2] ?? assert.fail();
    await page.locator(`[data-line="${line}"] [name=${field}]`).fill(colleague[field]);
  }
  await press(page, 'Check again');
  await endOf(page, page.getByRole('heading', { name: '50 rows are ready' }));
  assert.equal(await refused.count(), 0);
  await press(page, 'Import 50');
  await endOf(page, page.getByRole('heading', { name: '50 rows are written' }));
}

/** All colleagues that were imported get their code by mail. */
async function inviteAll(page: Page, { smtp }: Office): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Accounts' }).click();
  await page.getByLabel('Group', { exact: true }).selectOption('Siège');
  const search = page.getByRole('button', { name: 'Search' });
  if (await search.isVisible()) await search.click();
  await page.waitForURL(/group=Si/);
  await page.locator('.accounts').filter({ hasNotText: 'marta' }).waitFor();
  assert.equal(await page.locator('tr[data-id]').count(), 50);
  await page.getByLabel('All that match').check();
  await page.locator('#bulk').getByRole('button', { name: 'Send by mail' }).click();
  await page.waitForURL(/\/admin\/invitations/);
  const mails = (await smtp.received(51)).slice(1);
  assert.deepEqual(mails.flatMap(({ to }) => to).sort(), fiftyColleagues.map(({ email }) => email).sort());
  const names = fiftyColleagues.map(({ firstName, lastName }) => `${firstName} ${lastName}`);
  assert.deepEqual(mails.map(({ mail }) => [mail.to].flat()[0]?.value[0]?.name ?? '').sort(), names.sort());
}

/** Returns what a camera reads in the picture of the mail to this address. */
async function codeMailedTo({ smtp }: Office, address: string): Promise<string> {
  const found = smtp.mails.find(({ to }) => to.includes(address)) ?? assert.fail(address);
  const picture = found.mail.attachments.find(({ contentType }) => contentType === 'image/png') ?? assert.fail();
  const code = await readQrCode(picture.content);
  assert.ok(found.mail.text?.includes(code), 'the link of the mail is that of the picture');
  return code;
}

for (const phone of phones) {
  forEachDatabase(`a company that sets up its ${phone.name}`, (makeUrl) => companyOnDatabase(phone, makeUrl));
}

function companyOnDatabase(phone: (typeof phones)[number], makeUrl: MakeUrl): void {
  test('gets from the first link to fifty invitations, and a phone registers with one of their codes', async (t) => {
    if (!requirePrograms(t, { ...programs, ...phone.programs })) return;
    const office = await openOffice(t, await makeUrl());
    const page = await openPage(t, true);
    await setUp(page, office);
    await importTable(page);
    await inviteAll(page, office);
    await page.getByText('50 of 50').waitFor();

    const { email, lastName, firstName } = fiftyColleagues[11] ?? assert.fail();
    const linphone = await phone.start({ url: await codeMailedTo(office, email) });
    t.after(() => linphone.quit());
    await page.goto(`${office.url}/admin/accounts?search=${encodeURIComponent(email)}`);
    const row = page.locator('tr[data-id]').filter({ hasText: `${firstName} ${lastName}` });
    const username = (await row.locator('.who .second bdi').first().textContent()) ?? '';
    await linphone.waitRegistered(`${username}@${domain}`);
    assert.deepEqual(await office.registrar.registered(), [`${username}@${domain}`]);
    const isSetUp = async () => {
      await page.reload();
      return (await row.getAttribute('data-state')) === 'active';
    };
    assert.ok(await waitUntil(isSetUp), 'the list says that the phone is set up');
    await page.goto(`${office.url}/admin`);
    await page.getByRole('heading', { name: '1 of 51 has its account in a phone' }).waitFor();
  });
}

test('a company without JavaScript gets from the first link to fifty invitations', async (t) => {
  if (!requirePrograms(t, programs)) return;
  const office = await openOffice(t, sqliteUrl(join(tempDirectory(), 'ringup.sqlite')));
  const page = await openPage(t, false);
  await setUp(page, office);
  await importTable(page);
  await inviteAll(page, office);
  await codeMailedTo(office, fiftyColleagues[49]?.email ?? '');
});
