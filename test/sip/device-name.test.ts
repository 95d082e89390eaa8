import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeDevice, deviceName, isLinphoneAgent, readAgent, readSdkVersion } from '../../src/sip/device-name.ts';

const names: readonly (readonly [agent: string, name: string])[] = [
  ['LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74', 'Linphone 5.2.5 on Android (Pixel 7)'],
  ['LinphoneiOS/5.2.3 (iPhone) LinphoneSDK/5.3.74', 'Linphone 5.2.3 on iOS (iPhone)'],
  ['Linphone-Desktop/5.2.6 (desk) Debian, Qt 5.15 LinphoneSDK/5.3', 'Linphone 5.2.6 on a computer (desk)'],
  ['Linphone/5.1', 'Linphone 5.1'],
  ['Linphonec/5.1.65 (belle-sip/5.1.65)', 'Linphone 5.1.65 (belle-sip/5.1.65)'],
  ['HLCall/1.3.7 (Redmi) LinphoneSDK/5.3.10', 'HLCall 1.3.7 (Redmi)'],
  ['HLCallAndroid/1.3.7 (Zoés Télé 🦊) LinphoneSDK/5.3.10', 'HLCall 1.3.7 on Android (Zoés Télé 🦊)'],
  ['Büro Phone-Desktop/2.0 (desk) Debian, Qt 6.8 LinphoneSDK/5.3', 'Büro Phone 2.0 on a computer (desk)'],
  ['HLCall/1.3.7 (Redmi)', 'unknown phone'],
  ['LinphoneSDK/5.3.10', 'unknown phone'],
  ['X LinphoneSDK/5.3', 'unknown phone'],
  ['Unknown', 'unknown phone'],
  ['', 'unknown phone'],
  ['curl/8.5.0', 'unknown phone'],
  [`Linphone/${'9'.repeat(300)}`, `Linphone ${'9'.repeat(41)}`],
];

describe('the name of a device', () => {
  for (const [agent, name] of names) {
    test(`"${agent.slice(0, 60)}" is "${name}"`, () => assert.equal(deviceName(agent), name));
  }

  test('is made of what the User-Agent contains', () => {
    const of = (agent: string) => Object.values(readAgent(agent));
    assert.deepEqual(of('LinphoneAndroid/5.2.5 (Pixel 7) X/1'), ['Linphone on Android', '5.2.5', 'Pixel 7']);
    assert.deepEqual(of('HLCall/1.3.7 (Redmi) LinphoneSDK/5.3.10'), ['HLCall', '1.3.7', 'Redmi']);
    assert.deepEqual(of('HLCalliOS/1.3.7 LinphoneSDK/5.3.10'), ['HLCall on iOS', '1.3.7', null]);
    assert.deepEqual(of('Linphone/5.1'), ['Linphone', '5.1', null]);
    assert.deepEqual(of('Unknown'), [null, null, null]);
  });

  test('is read apart from the version of the library, which is not that of the app', () => {
    const versions: readonly (readonly [agent: string, version: string | undefined])[] = [
      ['LinphoneAndroid/6.0.0 (Pixel 7) LinphoneSDK/5.4.12 (tags/5.4.12^0)', '5.4'],
      ['Linphone-Desktop/6.2.0 (host) Debian, Qt 6.8 LinphoneSDK/5.6.0-alpha.40', '5.6'],
      ['Linphone Desktop/4.2.5 (host) Qt 5.12 LinphoneCore/4.4.2', '4.4'],
      ['Linphonec/5.1.65 (belle-sip/5.1.65)', '5.1'],
      ['LinphoneAndroid/5.2.5 (Pixel 7)', undefined],
      ['HLCall/1.3.7 (Redmi) LinphoneSDK/5.3.10', '5.3'],
      ['Linphone/5.1', undefined],
      ['Unknown', undefined],
      ['X LinphoneSDK/5.99999', undefined],
    ];
    for (const [agent, version] of versions) {
      const read = readSdkVersion(agent);
      assert.equal(read && `${read.major}.${read.minor}`, version, agent);
    }
  });

  test('is that of Linphone if the User-Agent names Linphone or its library as a product', () => {
    const linphones = [
      'Linphonec/5.1.65 (belle-sip/5.1.65)',
      'HLCall/1.3.7 (Redmi) LinphoneSDK/5.3.10',
      'LinphoneSDK/5.3',
    ];
    for (const agent of linphones) assert.ok(isLinphoneAgent(agent), agent);
    for (const agent of ['Unknown', '', 'curl/8.5.0', 'Mozilla/5.0 (X11; Linux x86_64)', 'curl/8 (linphone)']) {
      assert.ok(!isLinphoneAgent(agent), agent);
    }
  });

  test('comes with the version, if the User-Agent contains one', () => {
    assert.equal(describeDevice('LinphoneAndroid/5.2.5 (Pixel 7)').version, '5.2.5');
    assert.equal(describeDevice('Unknown').version, null);
  });
});
