import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openTestApp } from '../support/app.ts';
import { openTerminal } from '../support/cli.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { parseDocument } from '../support/xml.ts';

describe('ringup lint', () => {
  const ringup = openTerminal({ RINGUP_LISTEN: 'it needs no settings' });
  const write = (content: string | Buffer): string => {
    const file = join(tempDirectory(), 'rc');
    writeFileSync(file, content);
    return file;
  };

  test('a sound file is status 0', async () => {
    const file = write('[sip]\nmedia_encryption=srtp\n');
    assert.deepEqual(await (await ringup(`lint ${file} --json`)).json, { file, mistakes: [], warnings: [] });
    const { status, out, err } = await ringup(`lint ${file}`);
    assert.deepEqual([status, out, err], [0, `${file}: nothing is wrong.\n`, '']);
  });

  test('names each mistake and warning by line and column; warnings alone are status 0', async () => {
    const odd = write('[sip]\n; odd\n');
    const odder = await ringup(`lint ${odd}`);
    assert.equal(odder.status, 0);
    assert.match(odder.out, /^\S+rc:2:1: warning: .*; odd\n$/);

    const broken = write('early=1\n[sip\n; odd\n');
    const { status, out, err } = await ringup(`lint ${broken}`);
    assert.equal(status, 1);
    assert.match(out, /^\S+rc:1:1: .*\n\S+rc:2:1: .*\n\S+rc:3:1: warning: .*\n$/);
    assert.equal(err, `${broken} cannot be used: 2 mistakes.\n`);
    const { json } = await ringup(`lint ${broken} --json`);
    assert.deepEqual([json.mistakes.length, json.warnings.length], [2, 1]);
    assert.deepEqual(Object.keys(json.mistakes[0]).sort(), ['column', 'line', 'message', 'text']);
  });

  test('a file that is not UTF-8 is a mistake of its line', async () => {
    const { status, json } = await ringup(`lint ${write(Buffer.from('[sip]\nname=Zo\xe9\n', 'latin1'))} --json`);
    assert.equal(status, 1);
    assert.deepEqual([json.mistakes[0].line, json.mistakes[0].message], [2, 'is not UTF-8; save the file as UTF-8']);
  });

  test('- reads standard input', async () => {
    assert.equal((await ringup('lint -', 'broken\n')).err, '- cannot be used: 1 mistake.\n');
  });

  test('a missing file or a folder is one line with status 1', async () => {
    for (const path of ['/nonexistent/rc', tempDirectory()]) {
      const { status, out, err } = await ringup(`lint ${path} --json`);
      assert.deepEqual([status, out], [1, '']);
      assert.match(err, /^\S+ cannot be read: .*\n$/);
    }
  });
});

describe('ringup preview', () => {
  const hooks = `export default {
    proxy(section, { request }) {
      const site = request.query.get('site');
      if (site !== null) section.set('x_site', site);
    },
  };\n`;

  test('shows the document that the account would get, hooks included, without its secrets', async () => {
    const dataDir = tempDirectory();
    writeFileSync(join(dataDir, 'hooks.ts'), hooks);
    const ringup = openTerminal({ RINGUP_DATA_DIR: dataDir, RINGUP_PUBLIC_URL: 'https://ringup.example.test' });
    const { provisioning_token } = (await ringup(['account', 'add', 'alice', '--display-name', 'A "&" B', '--json']))
      .json;
    const { status, out, err } = await ringup('preview alice --query site=lyon');
    assert.deepEqual([status, err], [0, '']);
    const shown = parseDocument(out);
    assert.equal(shown.get('proxy_0')?.get('x_site')?.value, 'lyon');
    assert.equal(shown.get('auth_info_0')?.get('ha1')?.value, '********');
    assert.doesNotMatch(out, /[0-9a-f]{32}/);

    const app = await openTestApp(join(dataDir, 'ringup.sqlite'));
    const fetched = await app.server.inject({ url: `/provisioning/${provisioning_token}?site=lyon` });
    await app.close();
    const real = parseDocument(fetched.body);
    assert.match(real.get('auth_info_0')?.get('ha1')?.value ?? '', /^[0-9a-f]{64}$/, 'the token was not used up');
    real.get('auth_info_0')?.set('ha1', { value: '********', overwrite: true });
    assert.deepEqual(shown, real);
  });

  test('with --json names the layer that each entry came from', async () => {
    const folder = tempDirectory();
    writeFileSync(join(folder, 'rc'), '[sip]\nmedia_encryption=srtp\n[proxy_0]\nreg_expires=600\n');
    const ringup = openTerminal({ RINGUP_LINPHONERC: join(folder, 'rc') });
    await ringup('account add alice');
    await ringup('external set alice --username u --domain d.test --password p');
    const { json } = await ringup('preview alice --json');
    assert.equal(json.account, 'alice@sip.example.test');
    assert.deepEqual(json.sections[0], {
      name: 'sip',
      entries: [{ name: 'media_encryption', value: 'srtp', overwrite: true, layer: 'instance', line: 2 }],
    });
    const layers = json.sections.flatMap(({ entries }: { entries: { layer: string }[] }) =>
      entries.map(({ layer }) => layer),
    );
    assert.deepEqual([...new Set(layers)].sort(), ['account', 'external', 'instance', 'server']);
    assert.equal(JSON.stringify(json).match(/[0-9a-f]{32}/), null);
  });

  test('a hook that fails ends it with status 1 and its own words', async () => {
    const dataDir = tempDirectory();
    writeFileSync(join(dataDir, 'hooks.ts'), 'export default { document() { throw new Error("no luck"); } };\n');
    const ringup = openTerminal({ RINGUP_DATA_DIR: dataDir });
    await ringup('account add alice');
    const { status, out, err } = await ringup('preview alice');
    assert.deepEqual([status, out], [1, '']);
    assert.match(err, /no luck/);
  });
});
