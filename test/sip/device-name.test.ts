import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeDevice, deviceName, readAgent } from '../../src/sip/device-name.ts';

const names: readonly (readonly [agent: string, name: string])[] = [
  ['LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74', 'Linphone 5.2.5 on Android (Pixel 7)'],
  ['LinphoneiOS/5.2.3 (iPhone) LinphoneSDK/5.3.74', 'Linphone 5.2.3 on iOS (iPhone)'],
  ['Linphone-Desktop/5.2.6 (desk) Debian, Qt 5.15 LinphoneSDK/5.3', 'Linphone 5.2.6 on a computer (desk)'],
  ['Linphone/5.1', 'Linphone 5.1'],
  ['Linphonec/5.1.65 (belle-sip/5.1.65)', 'Linphone 5.1.65 (belle-sip/5.1.65)'],
  ['Unknown', 'unknown phone'],
  ['', 'unknown phone'],
  ['curl/8.5.0', 'unknown phone'],
  [`Linphone/${'9'.repeat(300)}`, `Linphone ${'9'.repeat(41)}`],
];

describe('the name of a device', () => {
  for (const [agent, name] of names) {
    test(`"${agent.slice(0, 60)}" is "${name}"`, () => assert.equal(deviceName(agent), name));
  }

  test('is made of what the phone tells, as far as it does', () => {
    const of = (agent: string) => Object.values(readAgent(agent));
    assert.deepEqual(of('LinphoneAndroid/5.2.5 (Pixel 7) X/1'), ['Linphone on Android', '5.2.5', 'Pixel 7']);
    assert.deepEqual(of('Linphone/5.1'), ['Linphone', '5.1', null]);
    assert.deepEqual(of('Unknown'), [null, null, null]);
  });

  test('goes with the version, where the phone tells', () => {
    assert.equal(describeDevice('LinphoneAndroid/5.2.5 (Pixel 7)').version, '5.2.5');
    assert.equal(describeDevice('Unknown').version, null);
  });
});
