import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestFacts } from '../../src/hooks/facts.ts';
import { withoutSecrets } from '../../src/hooks/hook-failure.ts';
import type { Space } from '../../src/spaces/space.ts';

const device = 'a1B2c3D4e5F6g7H8';
const key = 'aB3dE5fG7hJ9kL1mN3pQ5r';
const asked = (search: string) => ({
  method: 'GET',
  url: `/provisioning/me${search}`,
  query: new URLSearchParams(search),
  headers: { 'x-device-key': key, 'user-agent': 'x' },
  address: '192.0.2.1',
});

for (const [search, seen] of [
  [`?device=${device}`, ''],
  [`?a=1&device=${device}&b=2`, '?a=1&b=2'],
  [`?%64evice=${device}&device=${device}&c`, '?c='],
  ['?a=1', '?a=1'],
] as const) {
  test(`a hook sees ${seen || 'nothing'} of ${search || 'no query'} in both the address and the query`, () => {
    const { url, query, headers } = requestFacts(asked(search));
    assert.equal(url, `/provisioning/me${seen}`);
    assert.equal(query.toString(), seen.slice(1));
    assert.deepEqual(Object.keys(headers), ['user-agent']);
  });
}

test('an error of a hook contains neither the key nor the address of a device', () => {
  const request = asked(`?device=${device}`);
  const thrown = new Error(`GET ${request.url} with ${key}`, { cause: new Error(device) });
  const { message, stack = '' } = withoutSecrets(thrown, { request, space: {} as Space, roles: [] });
  for (const secret of [device, key]) assert.ok(!`${message}${stack}`.includes(secret), `${message}${stack}`);
});
