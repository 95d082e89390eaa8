import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { environmentOf, openTerminal } from '../support/cli.ts';
import { forEachDatabase } from '../support/databases.ts';
import { tempDirectory } from '../support/temp-directory.ts';

function write(content: string | Buffer): string {
  const file = join(tempDirectory(), 'rc');
  writeFileSync(file, content);
  return file;
}

interface Finding {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
}

// One database: none is opened.
describe('ringup lint FILE', () => {
  const ringup = openTerminal({ RINGUP_LISTEN: 'it needs no settings' });

  test('ends with status 0 for a file without findings', async () => {
    const file = write('[sip]\nmedia_encryption=srtp\n');
    assert.deepEqual((await ringup(`lint ${file} --json`)).json, { files: [file], findings: [] });
    const { status, out, err } = await ringup(`lint ${file}`);
    assert.deepEqual([status, out, err], [0, `${file}: no problems found.\n`, '']);
  });

  test('says what is wrong in which line, what happens on the phone, and how to fix it', async () => {
    const file = write('[sip]\n\n  use_ipv6=yes\n');
    const { status, out, err } = await ringup(`lint ${file}`);
    assert.equal(
      out,
      `${file}:3:3: error: wrong-type\n` +
        '  [sip] use_ipv6 must be 0 or 1, not yes.\n' +
        '  On the phone: The phone reads it as 0, which means off.\n' +
        '  To fix it: Write use_ipv6=1.\n',
    );
    assert.deepEqual([status, err], [1, '1 error.\n']);
  });

  test('ends with status 0 if there are only warnings and notes', async () => {
    const { status, out, err } = await ringup(`lint ${write('[sip]\n; odd\n[ui]\nhide_settings=1\nunheard_of=1\n')}`);
    assert.deepEqual([status, err], [0, '']);
    assert.match(
      out,
      /rc:2:1: warning: line-skipped\n[\s\S]*rc:4:1: note: settings-hidden\n[\s\S]*rc:5:1: warning: unknown/,
    );
  });

  test('reports no problem in a file with notes alone, and shows the notes', async () => {
    const file = write('[ui]\nhide_settings=1\n');
    const { status, out, err } = await ringup(`lint ${file}`);
    assert.deepEqual([status, err], [0, '']);
    assert.ok(out.startsWith(`${file}:2:1: note: settings-hidden\n`), out);
    assert.ok(out.endsWith(`${file}: no problems found.\n`), out);
    const { json } = await ringup(`lint ${file} --json`);
    assert.deepEqual(
      json.findings.map(({ severity }: { severity: string }) => severity),
      ['note'],
    );
  });

  test('names the format of a file that is not a linphonerc, in one finding', async () => {
    const xml =
      '<?xml version="1.0"?>\n<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">\n  <section name="sip">\n' +
      '    <entry name="use_ipv6" overwrite="true">1</entry>\n  </section>\n</config>\n';
    for (const [text, what] of [
      [xml, 'an XML document as phones fetch it'],
      ['<plist version="1.0"/>\n', 'an XML file'],
      ['<!doctype html>\n<title>404</title>\n', 'an HTML page'],
      ['{"sip": {"use_ipv6": 1}}\n', 'JSON'],
    ] as const) {
      const { status, json } = await ringup('lint - --json', text);
      assert.equal(status, 1);
      const [found, ...others] = json.findings;
      assert.deepEqual(
        [found.rule, found.line, found.message, others],
        ['not-a-linphonerc', 1, `This is ${what}, not a linphonerc`, []],
      );
    }
    assert.equal((await ringup(`lint ${write(Buffer.from([0x1f, 0x8b, 8, 0, 0]))} --json`)).json.findings.length, 1);
  });

  test('prints at most 80 columns', async () => {
    const { out } = await ringup(
      'lint -',
      '[sip]\nregister_only_when_network_is_up=true\nmedia_encryption=SRTP\nmy=1\n',
    );
    for (const line of out.split('\n')) assert.ok(line.length <= 80, line);
  });

  test('checks several files, and names each of them', async () => {
    const [broken, fine] = [write('[sip\nx'), write('')];
    const { status, out, err } = await ringup(`lint ${broken} ${fine}`);
    assert.deepEqual([status, err], [1, '2 errors.\n']);
    assert.ok(
      out.startsWith(`${broken}:1:1: error: line-unreadable\n`) && out.endsWith(`${fine}: no problems found.\n`),
    );
  });

  test('reports a file that is not UTF-8', async () => {
    const { status, json } = await ringup(`lint ${write(Buffer.from('[sip]\nname=Zo\xe9\n', 'latin1'))} --json`);
    assert.equal(status, 1);
    assert.deepEqual([json.findings[0].line, json.findings[0].rule], [2, 'not-utf8']);
  });

  test('reads standard input if the file is -', async () => {
    const { status, out } = await ringup('lint -', 'broken\n');
    assert.equal(status, 1);
    assert.match(out, /^-:1:1: error: line-unreadable\n/);
  });

  test('accepts secrets with --private', async () => {
    const file = write('[auth_info_0]\nusername=a\npasswd=hunter2\n');
    const { status, out } = await ringup(`lint ${file}`);
    assert.equal(status, 1);
    assert.match(out, /secret-in-base/);
    assert.doesNotMatch(out, /hunter2/);
    assert.equal((await ringup(`lint ${file} --private`)).status, 0);
  });

  test('refuses a folder in one line, as wrong usage', async () => {
    const { status, out, err } = await ringup(`lint ${tempDirectory()}`);
    assert.deepEqual([status, out], [2, '']);
    assert.match(err, /^\S+ cannot be read: .*\n$/);
  });

  test('prints SARIF 2.1.0 with --sarif, with the same status', async () => {
    const file = write('[sip]\nuse_ipv6=yes\nunheard_of=1\n[sipp]\nx=1\n');
    const { status, json } = await ringup(`lint ${file} --sarif`);
    assert.equal(status, 1);
    assert.deepEqual([json.version, json.runs.length], ['2.1.0', 1]);
    const [{ tool, results, columnKind }] = json.runs;
    assert.equal(columnKind, 'utf16CodeUnits');
    const ids = tool.driver.rules.map(({ id }: { id: string }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const rule of tool.driver.rules) {
      assert.ok(['error', 'warning', 'note'].includes(rule.defaultConfiguration.level));
      for (const part of ['shortDescription', 'fullDescription', 'help'])
        assert.equal(typeof rule[part].text, 'string');
    }
    assert.equal(results.length, 3);
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      assert.equal(ids[ruleIndex], ruleId);
      assert.ok(['error', 'warning', 'note'].includes(level));
      assert.ok(message.text.length > 0);
      const [{ physicalLocation }] = locations;
      assert.equal(physicalLocation.artifactLocation.uri, `file://${file}`);
      assert.ok(physicalLocation.region.startLine >= 1 && physicalLocation.region.startColumn >= 1);
    }
    assert.deepEqual(results[0].locations[0].logicalLocations, [{ fullyQualifiedName: 'sip/use_ipv6' }]);
    assert.deepEqual(results[2].locations[0].logicalLocations, [{ fullyQualifiedName: 'sipp' }]);
  });
});

forEachDatabase('ringup lint without FILE', (makeUrl) => {
  test('checks the linphonerc of the instance and those of all spaces, each together with the first', async () => {
    const url = await makeUrl();
    const file = write('[sip]\nuse_ipv6=yes\n[proxy_0]\nidkey=main\n');
    const ringup = openTerminal({
      ...environmentOf(url),
      RINGUP_LINPHONERC: file,
    });
    await ringup('migrate');
    await ringup('space list');
    await ringup(['space', 'add', 'second.test']);
    const text = '[proxy_1]\nreg_identity=\ndepends_on=main\nunheard_of=1\n';
    assert.equal((await ringup(['space', 'set', 'second.test', `linphonerc=${text}`])).status, 0);
    const { status, json, err } = await ringup('lint --json');
    assert.deepEqual([status, err], [1, '1 error, 1 warning, 1 note.\n']);
    assert.deepEqual(json.files, [file, 'space second.test']);
    assert.deepEqual(
      json.findings.map(({ rule, file: place, line }: Finding) => [rule, place, line]),
      [
        ['wrong-type', file, 2],
        ['key-deleted', 'space second.test', 2],
        ['unknown-key', 'space second.test', 4],
      ],
    );
    const check = await ringup('check --json');
    assert.equal(check.status, 1);
    assert.deepEqual(check.json.linphonerc, {
      wrong: [`${file}:2:1: [sip] use_ipv6 must be 0 or 1, not yes (wrong-type)`],
      unwise: ['space second.test:4:1: [proxy_1] There is no key unheard_of (unknown-key)'],
    });
  });

  test('says so if neither the instance nor any space has a linphonerc', async () => {
    const ringup = openTerminal(environmentOf(await makeUrl()));
    await ringup('migrate');
    const { status, out, err } = await ringup('lint');
    assert.deepEqual([status, out], [0, '']);
    assert.match(err, /^Note: neither the instance nor any space or account has a linphonerc yet/);
  });
});
