import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openTestApp } from '../support/app.ts';
import { forEachTerminal } from '../support/cli.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { parseDocument } from '../support/xml.ts';

forEachTerminal('ringup preview', (open) => {
  const hooks = `export default {
    proxy(section, { request }) {
      const site = request.query.get('site');
      if (site !== null) section.set('x_site', site);
    },
  };\n`;

  test('shows the document that the account would get, hooks included, without its secrets', async () => {
    const file = join(tempDirectory(), 'hooks.ts');
    writeFileSync(file, hooks);
    const ringup = await open({ RINGUP_HOOKS: file, RINGUP_PUBLIC_URL: 'https://ringup.example.test' });
    const { provisioning_token } = (await ringup(['account', 'add', 'alice', '--display-name', 'A "&" B', '--json']))
      .json;
    const { status, out, err } = await ringup('preview alice --query site=lyon');
    assert.deepEqual([status, err], [0, '']);
    const shown = parseDocument(out);
    assert.equal(shown.get('proxy_0')?.get('x_site')?.value, 'lyon');
    assert.equal(shown.get('auth_info_0')?.get('ha1')?.value, '********');
    assert.doesNotMatch(out, /[0-9a-f]{32}/);

    const app = await openTestApp(ringup.databaseUrl, { RINGUP_HOOKS: file });
    const fetched = await app.server.inject({ url: `/provisioning/${provisioning_token}?site=lyon` });
    await app.close();
    const real = parseDocument(fetched.body);
    assert.match(real.get('auth_info_0')?.get('ha1')?.value ?? '', /^[0-9a-f]{64}$/, 'the token was not used up');
    real.get('auth_info_0')?.set('ha1', { value: '********', overwrite: true });
    assert.deepEqual(shown, real);
  });

  test('shows either the differences or the origins, and refuses both at once', async () => {
    const ringup = await open();
    await ringup('account add alice');
    const { status, out, err } = await ringup('preview alice --diff --origins');
    assert.deepEqual([status, out], [2, '']);
    assert.match(err, /--diff.*cannot be used with.*--origins|--origins.*cannot be used with.*--diff/);
  });

  test('names the layer of each entry with --json', async () => {
    const folder = tempDirectory();
    writeFileSync(join(folder, 'rc'), '[sip]\nmedia_encryption=srtp\n[proxy_0]\nreg_expires=600\n');
    const ringup = await open({ RINGUP_LINPHONERC: join(folder, 'rc') });
    await ringup('account add alice');
    await ringup('external set alice --username u --domain d.test --password p');
    const { json } = await ringup('preview alice --json');
    assert.equal(json.account, 'alice@sip.example.test');
    assert.deepEqual(json.sections[0], {
      name: 'sip',
      entries: [{ name: 'media_encryption', value: 'srtp', overwrite: true, layer: 'instance', file: 'rc', line: 2 }],
    });
    const layers = json.sections.flatMap(({ entries }: { entries: { layer: string }[] }) =>
      entries.map(({ layer }) => layer),
    );
    assert.deepEqual([...new Set(layers)].sort(), ['account', 'external', 'instance', 'server']);
    assert.equal(JSON.stringify(json).match(/[0-9a-f]{32}/), null);
  });

  test('reports what the linter finds on standard error, and in `warnings` with --json', async () => {
    const folder = tempDirectory();
    writeFileSync(join(folder, 'rc'), '[sip]\nuse_ipv6=yes\n[ui]\nhide_settings=1\n');
    const ringup = await open({ RINGUP_LINPHONERC: join(folder, 'rc') });
    await ringup('account add alice');
    const { status, err } = await ringup('preview alice');
    assert.deepEqual([status, err], [0, 'Note: [sip] use_ipv6 must be 0 or 1, not yes (wrong-type).\n']);
    const { warnings } = (await ringup('preview alice --json')).json;
    assert.deepEqual(
      warnings.map(({ rule, file, line }: { rule: string; file: string; line: number }) => [rule, file, line]),
      [
        ['wrong-type', 'rc', 2],
        ['settings-hidden', 'rc', 4],
      ],
    );
  });

  test('ends with status 1 and the message of the hook if a hook fails', async () => {
    const file = join(tempDirectory(), 'hooks.ts');
    writeFileSync(file, 'export default { document() { throw new Error("no luck"); } };\n');
    const ringup = await open({ RINGUP_HOOKS: file });
    await ringup('account add alice');
    const { status, out, err } = await ringup('preview alice');
    assert.deepEqual([status, out], [1, '']);
    assert.match(err, /no luck/);
  });
});
