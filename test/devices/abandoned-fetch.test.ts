import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { buildServer } from '../../src/server.ts';
import { openTestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { authorize } from '../support/digest-request.ts';
import { fromOf, modern, old, phonesOf, setUp } from '../support/phone.ts';
import { getRequest, openConnection } from '../support/raw-request.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { waitUntil } from '../support/wait-until.ts';

forEachDatabase('a phone that hangs up before it has its document, and asks again', (makeUrl) => {
  test('keeps the key of the second answer', async (context) => {
    let hook: (() => Promise<unknown>) | undefined;
    Object.assign(globalThis, { slowHook: () => hook?.() });
    const hooks = join(tempDirectory(), 'hooks.ts');
    writeFileSync(hooks, 'export default { async proxy() { await globalThis.slowHook?.(); } };\n');
    const t = await openTestApp(await makeUrl(), { RINGUP_HOOKS: hooks });
    context.after(() => t.close());
    const sockets: Socket[] = [];
    const server = await buildServer(t.app);
    server.server.on('connection', (socket: Socket) => void sockets.push(socket));
    await server.listen({ port: 0, host: '127.0.0.1' });
    context.after(() => server.close());
    await t.setSpace({ refetch: 'every-start', algorithms: ['SHA-256'] });
    const phones = phonesOf(t);
    const account = await t.makeAccount();
    const { address } = await phones.redeem(await t.makeToken(account), old);

    const running = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    hook = () => {
      running.resolve();
      return held.promise;
    };
    const { port } = server.server.address() as AddressInfo;
    const phone = await openConnection(port);
    const headers = { ...modern, from: fromOf(account.username) };
    const { challenges } = await phones.get(address, headers);
    const credentials = { username: account.username, password: 'secret', url: address };
    phone.send(getRequest(address, { ...headers, authorization: authorize(challenges, credentials) }));
    await running.promise;
    const [socket = assert.fail()] = sockets;
    const closed = new Promise((resolve) => socket.once('error', () => {}).once('close', resolve));
    phone.reset();
    await closed;
    hook = undefined;
    const second = setUp(await phones.signIn(address, account));
    assert.match(second.key, /^\w{22}$/);

    const end = mock.method(ServerResponse.prototype, 'end');
    context.after(() => end.mock.restore());
    const isAnswered = () => end.mock.calls.some((call) => (call.this as { req: IncomingMessage }).req.url === address);
    held.resolve();
    assert.ok(await waitUntil(isAnswered));
    assert.equal((await phones.start(second)).statusCode, 200);
    const { data } = (await t.api('GET', `/api/accounts/${account.id}/events?kind=refetched`)).json;
    assert.deepEqual(
      data.map(({ count }: { count: number }) => count),
      [2],
    );
  });
});
