import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import generate from 'openapi-typescript';
import { openTestApp, type TestApp } from '../support/app.ts';
import { forEachDatabase } from '../support/databases.ts';
import { tempDirectory } from '../support/temp-directory.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program of somebody who knows only the document. Its types are those that openapi-typescript makes of it. */
const program = `
import type { paths } from './ringup.ts';

type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : never;
type Body<T> = T extends { requestBody?: infer Sent } ? Json<NonNullable<Sent>> : undefined;
type Query<T> = T extends { parameters: { query?: infer Given } } ? Given : undefined;
type Params<T> = T extends { parameters: { path: infer Given } } ? Given : undefined;
type Answer<T> = T extends { responses: infer Answers } ? Json<Answers[keyof Answers & (200 | 201)]> : never;
interface Input<T> { readonly path?: Params<T>; readonly query?: Query<T>; readonly body?: Body<T> }

export async function run(server: string, key: string): Promise<readonly string[]> {
  const done: string[] = [];
  async function call<Path extends keyof paths, Method extends keyof paths[Path] & string>(
    method: Method, path: Path, input: Input<paths[Path][Method]> = {},
  ): Promise<Answer<paths[Path][Method]>> {
    const values = Object.entries<unknown>(Object(input.path));
    const address = values.reduce<string>((url, [name, value]) => url.replace('{' + name + '}', encodeURIComponent(String(value))), path);
    const query = Object.fromEntries(Object.entries<unknown>(Object(input.query)).map(([name, value]) => [name, String(value)]));
    const answer = await fetch(server + address + '?' + new URLSearchParams(query), {
      method: method.toUpperCase(),
      headers: { 'x-api-key': key, ...(input.body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    });
    if (!answer.ok) throw new Error(method + ' ' + address + ': ' + answer.status + ' ' + (await answer.text()));
    done.push(method + ' ' + path);
    return JSON.parse(await answer.text());
  }

  const account = await call('post', '/api/accounts', { body: { username: 'alice', password: 'a good password' } });
  const path = { id: account.id };
  const changed = await call('put', '/api/accounts/{id}', { path, body: { email: 'alice@example.com', activated: true } });
  const sameAddress: string | null = changed.email;
  if (sameAddress !== 'alice@example.com') throw new Error('not changed');
  const list = await call('get', '/api/accounts', { query: { page: 1, per_page: 5, search: 'alice' } });
  if (list.data[0]?.id !== account.id) throw new Error('not found');
  const again = await call('post', '/api/accounts/{id}/provision', { path });
  const code: string | undefined = again.provisioning_token;
  if (code === undefined) throw new Error('no code');
  const [token] = await call('get', '/api/accounts/{id}/tokens', { path });
  if (token?.state !== 'open') throw new Error('not open');
  await call('put', '/api/accounts/{id}/tokens/{tokenId}', { path: { ...path, tokenId: token.id }, body: { lifetime: '2d' } });
  const made = await call('post', '/api/accounts/{id}/external', { path, body: { username: 'x', domain: 'y.test', password: 'z' } });
  if (made.protocol.length === 0) throw new Error('no protocol');
  const { data } = await call('get', '/api/accounts/{id}/events', { path, query: { kind: 'token-issued', per_page: 10 } });
  if (typeof data[0]?.sentence !== 'string') throw new Error('no event');
  const devices = await call('get', '/api/accounts/{id}/devices', { path });
  if (Object.values(devices).some((device) => device.revoked_at !== null)) throw new Error('revoked');
  const [space] = await call('get', '/api/spaces');
  if (space === undefined) throw new Error('no space');
  await call('put', '/api/spaces/{domain}', { path: { domain: space.domain }, query: { confirm: 'true' }, body: { realm: 'example' } });
  await call('delete', '/api/accounts/{id}', { path });
  // @ts-expect-error: the client must not compile with a text as an id; if it does, this line is the error
  const wrong: Input<paths['/api/accounts/{id}']['get']> = { path: { id: 'alice' } };
  return wrong === undefined ? [] : done;
}
`;

forEachDatabase('a client that is generated from the OpenAPI document', (makeUrl) => {
  let t: TestApp;
  before(async () => {
    t = await openTestApp(await makeUrl());
    await t.server.listen({ port: 0, host: '127.0.0.1' });
  });
  after(() => t.close());

  test('compiles, and every call of the example program succeeds', async () => {
    const directory = tempDirectory();
    writeFileSync(join(directory, 'ringup.ts'), await generate((await t.api('GET', '/api/openapi.json')).json));
    writeFileSync(join(directory, 'program.ts'), program);
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
    const options = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
    };
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ ...options, include: ['*.ts'] }));
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    execFileSync(process.execPath, [compiler, '-p', directory], { stdio: ['ignore', 'inherit', 'inherit'] });
    const { run }: { run(server: string, key: string): Promise<readonly string[]> } = await import(
      pathToFileURL(join(directory, 'program.ts')).href
    );
    const address = t.server.server.address();
    assert.ok(typeof address === 'object' && address !== null);
    assert.equal((await run(`http://127.0.0.1:${address.port}`, t.adminKey)).length, 12);
  });
});
