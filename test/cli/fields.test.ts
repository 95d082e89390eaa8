import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { accountChangesShape } from '../../src/accounts/account-fields.ts';
import { readFields } from '../../src/cli/fields.ts';
import { spaceChangesShape } from '../../src/spaces/space-fields.ts';
import { tempDirectory } from '../support/temp-directory.ts';

describe('a KEY=VALUE word', () => {
  const values: readonly (readonly [word: string, value: unknown])[] = [
    ['super=true', true],
    ['super=false', false],
    ['super=yes', 'yes'],
    ['super=', ''],
    ['retry_window=60', 60],
    ['retry_window=-1', -1],
    ['retry_window=6e1', '6e1'],
    ['retry_window=', null],
    ['max_devices=', ''],
    ['algorithms=SHA-256', ['SHA-256']],
    ['algorithms=SHA-256, MD5', ['SHA-256', 'MD5']],
    ['algorithms=["MD5"]', ['MD5']],
    ['algorithms=["MD5"', '["MD5"'],
    ['seeded=', []],
    ['seeded=sip/*,ui/x', ['sip/*', 'ui/x']],
    ['host=', null],
    ['host=null', null],
    ['host=a.test', 'a.test'],
    ['name=null', 'null'],
    ['name=', ''],
    ['name=a=b', 'a=b'],
    ['name=@home', '@home'],
    ['username_pattern=^\\d+$', '^\\d+$'],
    ['refetch=every-start', 'every-start'],
    ['turn_secret=', null],
    ['linphonerc=[sip]\nmedia_encryption=srtp', '[sip]\nmedia_encryption=srtp'],
  ];
  for (const [word, value] of values) {
    test(`${JSON.stringify(word)} becomes the value ${JSON.stringify(value)}`, async () => {
      assert.deepEqual(await readFields(spaceChangesShape.properties, [word]), { [word.split('=')[0] ?? '']: value });
    });
  }

  test('stays text with digits if the key takes text', async () => {
    const fields = await readFields(accountChangesShape.properties, ['phone=+33601020304', 'password=0123']);
    assert.deepEqual(fields, { phone: '+33601020304', password: '0123' });
  });

  test('reads a file with linphonerc=@FILE, without its byte order mark', async () => {
    const file = join(tempDirectory(), 'rc');
    writeFileSync(file, '\ufeff[sip]\r\nname=Zoé\n');
    assert.deepEqual(await readFields(spaceChangesShape.properties, [`linphonerc=@${file}`]), {
      linphonerc: '[sip]\r\nname=Zoé\n',
    });
  });

  for (const name of ['constructor', '__proto__', 'toString', 'id', 'created_at']) {
    test(`is refused with ${name}, which is not a key`, async () => {
      await assert.rejects(readFields(spaceChangesShape.properties, [`${name}=1`]), { code: 'usage-wrong' });
    });
  }
});
