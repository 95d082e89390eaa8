import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createApiKey } from '../src/access/create-api-key.ts';
import { createAccount } from '../src/administration/create-account.ts';
import { openApp } from '../src/app.ts';
import { loadSettings } from '../src/config/load-config.ts';
import { operator } from '../src/events/actor.ts';
import { createLogger } from '../src/lib/logger.ts';
import type { ApiExample } from '../src/panel/api-examples.ts';
import { buildServer } from '../src/server.ts';
import { exampleCalls } from './example-calls.ts';

const publicUrl = 'https://ringup.example.com';
/** The time of the server's clock, so that the examples are the same each time they are generated. */
const start = Date.UTC(2026, 10, 23, 18, 40, 48);
const maxLines = 45;

/** Makes each call of `exampleCalls` on a server of its own. Returns requests and answers by `METHOD /path`. */
export async function apiExamples(): Promise<Readonly<Record<string, ApiExample>>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ringup-examples-'));
  try {
    const settings = loadSettings({
      RINGUP_DATA_DIR: dataDir,
      RINGUP_PUBLIC_URL: publicUrl,
      RINGUP_SIP_DOMAIN: 'sip.example.com',
      RINGUP_SECRET: 'an example, so not as secret as a secret should be',
    });
    const log = createLogger('silent', { write: () => {} });
    const app = await openApp(settings, { log, now: () => start, elapsed: () => 0 });
    const server = await buildServer(app);
    const root = { username: 'root', password: 'a long password', admin: true, activated: true };
    const { account } = await createAccount(app, operator, app.spaces.first, { fields: root });
    const key = await createApiKey(app, operator, account, { name: 'example' });
    // Without this, it would depend on the machine whether an answer counts as delivered before the next call.
    const settle = async () => {
      await app.deliveries.settleAll();
      await app.events.flush();
    };
    const examples = await record(server, key.secret, settle);
    await server.close();
    await app.close();
    return examples;
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

async function record(
  server: FastifyInstance,
  adminKey: string,
  settle: () => Promise<unknown>,
): Promise<Readonly<Record<string, ApiExample>>> {
  const examples: Record<string, ApiExample> = {};
  const seen = new Map<string, string>([[adminKey, 'KEY']]);
  const known = new Map<string, string>([['admin', adminKey]]);
  for (const { call, url = call.split(' ')[1] ?? '', body, table, as, keeps = {} } of exampleCalls) {
    const [method = 'GET'] = call.split(' ');
    const path = url.replace(/\{(\w+)\}/g, (_, name: string) => known.get(name) ?? name);
    const key = as === undefined ? undefined : known.get(as);
    const answer = await server.inject({
      method: method as 'GET',
      url: path,
      headers: {
        ...(key === undefined ? {} : { 'x-api-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(table === undefined ? {} : { 'content-type': 'text/csv' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      ...(table === undefined ? {} : { payload: table }),
    });
    if (answer.statusCode >= 400) throw new Error(`${call}: ${answer.statusCode} ${answer.body}`);
    const type = String(answer.headers['content-type'] ?? '');
    const json: unknown = type === 'application/json' ? answer.json() : undefined;
    noteSecrets(json, seen);
    if (type.startsWith('text/plain') && answer.body.length === 22)
      seen.set(answer.body, standIn(seen.size, answer.body));
    for (const [name, field] of Object.entries(keeps))
      known.set(name, field === '' ? answer.body : String(at(json, field)));
    await settle();
    examples[call] ??= {
      request: withoutSecrets(curl(method, path, key, { body, table }), seen),
      status: answer.statusCode,
      type,
      answer: withoutSecrets(shown(answer.body, json, type), seen),
    };
  }
  return examples;
}

function curl(
  method: string,
  path: string,
  key: string | undefined,
  { body, table }: { readonly body: unknown; readonly table: string | undefined },
): string {
  const parts = [
    `curl ${method === 'GET' || (method === 'POST' && (body ?? table) !== undefined) ? '' : `-X ${method} `}'${publicUrl}${path}'`,
    ...(key === undefined ? [] : [`-H 'x-api-key: ${key}'`]),
    ...(body === undefined ? [] : [`--json '${JSON.stringify(body)}'`]),
    ...(table === undefined ? [] : [`-H 'content-type: text/csv'`, '--data-binary @accounts.csv']),
  ];
  return parts.join(' \\\n  ');
}

function shown(text: string, json: unknown, type: string): string {
  if (json !== undefined) return firstLines(JSON.stringify(json, null, 2));
  return type.startsWith('image/') ? '(a picture)' : firstLines(text.trimEnd());
}

function firstLines(text: string): string {
  const lines = text.split('\n');
  return lines.length <= maxLines ? text : `${lines.slice(0, maxLines).join('\n')}\n…`;
}

const secretNames = new Set(['provisioning_token', 'api_key', 'token', 'uuid', 'prefix', 'document', 'boot_id']);

/** Collects the random values of an answer, each with a fixed stand-in of the same shape. */
function noteSecrets(value: unknown, seen: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, each] of Object.entries(value)) {
    if (typeof each !== 'string' || !secretNames.has(name)) noteSecrets(each, seen);
    else if (!seen.has(each)) seen.set(each, standInFor(each, seen));
  }
}

function standInFor(secret: string, seen: ReadonlyMap<string, string>): string {
  const whole = [...seen].find(([each]) => each.startsWith(secret));
  return whole === undefined ? standIn(seen.size, secret) : whole[1].slice(0, secret.length);
}

/** Replaces letters and digits, but keeps all other characters and `urn:uuid:`. */
function standIn(index: number, secret: string): string {
  const digits = createHash('sha512').update(`example ${index}`).digest('hex');
  let position = 0;
  return secret.replace(/(?<!urn:uuid:.*)^urn:uuid:|[A-Za-z0-9]/g, (found) => {
    if (found.length > 1) return found;
    position += 1;
    return digits[position] ?? '0';
  });
}

/** Replaces the longest secrets first, because an answer may also contain the beginning of a secret. */
function withoutSecrets(text: string, seen: ReadonlyMap<string, string>): string {
  const secrets = [...seen].sort(([one], [other]) => other.length - one.length);
  return secrets.reduce((left, [secret, stand]) => left.replaceAll(secret, stand), text);
}

function at(json: unknown, field: string): unknown {
  const object: Readonly<Record<string, unknown>> = Object(json);
  return field === '*'
    ? Object.keys(object)[0]
    : field.split('.').reduce<unknown>((each, name) => Object(each)[name], object);
}
