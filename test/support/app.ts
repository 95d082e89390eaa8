import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createApiKeyIn } from '../../src/access/create-api-key.ts';
import type { Account } from '../../src/accounts/account.ts';
import { checkAccountFields, type NewAccount } from '../../src/accounts/account-fields.ts';
import { findAccountByUsername } from '../../src/accounts/account-store.ts';
import { createAccountIn } from '../../src/administration/create-account.ts';
import { updateSpace } from '../../src/administration/update-space.ts';
import { type App, type Limits, openApp } from '../../src/app.ts';
import { type Environment, loadSettings } from '../../src/config/load-config.ts';
import { type Actor, operator } from '../../src/events/actor.ts';
import { change } from '../../src/events/change.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { buildServer } from '../../src/server.ts';
import type { SpaceChanges } from '../../src/spaces/space-fields.ts';
import { dialectOf } from '../../src/storage/dialect.ts';
import { issueTokenIn } from '../../src/tokens/issue-token.ts';
import type { Json } from './json.ts';
import { suspiciousLines } from './log-secrets.ts';
import { tempDirectory } from './temp-directory.ts';
import { patienceMs } from './wait-until.ts';

export const testDomain = 'sip.example.test';
const aTest: Actor = { kind: 'unknown', id: null, name: 'a test' };

export interface TestApp {
  readonly app: App;
  readonly server: FastifyInstance;
  /** The API key of an administrator of the first space. */
  readonly adminKey: string;
  /** Returns everything that was logged, including requests. */
  readonly logged: () => string;
  /** Moves the app's clock forwards or backwards. */
  advance(milliseconds: number): void;
  makeAccount(fields?: Partial<NewAccount>): Promise<Account>;
  makeToken(account: Account, lifetimeMs?: number): Promise<string>;
  setSpace(changes: SpaceChanges): Promise<void>;
  /** Sends a request with the administrator's key and, if given, a JSON body. */
  api(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown): Promise<ApiReply>;
  /** Closes the app. Throws if a secret of any kind was logged. */
  close(): Promise<void>;
}

export interface ApiReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly json: Json;
}

export interface TestAppOptions {
  /** The first time of the app's clock. By default, now. */
  readonly startsAt?: number;
  /** By default, `generousLimits`. `{}` has the server's own, for tests about them. */
  readonly limits?: Limits;
  /** Whether background jobs run, in real time. By default, they do. */
  readonly runsJobs?: boolean;
}

/** Limits that a busy machine keeps. */
export const generousLimits: Limits = {
  database: { connectMs: patienceMs, silenceMs: patienceMs },
  hooks: { eachMs: patienceMs, togetherMs: patienceMs },
  importMs: patienceMs,
  requests: { headersMs: patienceMs, bodyMs: patienceMs, uploadMs: patienceMs },
};

const lines: string[] = [];

/** Returns everything that any app of this process has logged. */
export function everythingLogged(): string {
  return lines.join('');
}

/**
 * Opens a real app with a real database. Its server does not listen. Only the clock is simulated: it changes only by
 * `advance`.
 */
export async function openTestApp(
  databaseUrl: string,
  environment: Environment = {},
  { startsAt = Date.now(), limits = generousLimits, runsJobs = true }: TestAppOptions = {},
): Promise<TestApp> {
  const embedded = dialectOf(databaseUrl) === 'sqlite';
  const settings = loadSettings({
    RINGUP_DATA_DIR: embedded ? dirname(databaseUrl) : tempDirectory(),
    ...(embedded ? {} : { RINGUP_DATABASE_URL: databaseUrl }),
    RINGUP_PUBLIC_URL: 'https://ringup.example.test',
    RINGUP_LOG_LEVEL: 'debug',
    ...environment,
  });
  let time = startsAt;
  let elapsed = 0;
  const own: string[] = [];
  const output = {
    write(line: string) {
      own.push(line);
      lines.push(line);
    },
  };
  const app = await openApp(settings, {
    log: createLogger(settings.logLevel, output),
    limits,
    now: () => time,
    elapsed: () => elapsed,
    migrates: true,
  });
  const server = await buildServer(app, output);
  await app.startBackgroundWork({ runsJobs });
  const adminKey = await makeAdministrator(app);
  let count = 0;
  return {
    app,
    server,
    adminKey,
    logged: () => own.join(''),
    advance(milliseconds) {
      time += milliseconds;
      elapsed += Math.max(0, milliseconds);
    },
    makeAccount: async (fields = {}) => {
      count += 1;
      const { domain, ...rest } = fields;
      const username = `user${count}`;
      const space = app.spaces.getByDomain(domain ?? testDomain);
      const checked = await checkAccountFields({ username, password: 'secret', ...rest }, space);
      return change(app, operator, (tx, by) => createAccountIn(tx, by, space, checked));
    },
    makeToken: async (account, lifetimeMs) => {
      const expiresAt = lifetimeMs === undefined ? null : app.now() + lifetimeMs;
      const issued = await change(app, aTest, (tx, by) =>
        issueTokenIn(tx, by, { accountId: account.id, code: app.codes.make(), expiresAt }),
      );
      return issued.token;
    },
    setSpace: async (changes) => void (await updateSpace(app, operator, testDomain, changes)),
    api: async (method, url, body) => {
      const response = await server.inject({
        method,
        url,
        headers: { 'x-api-key': adminKey, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return {
        status: response.statusCode,
        headers: response.headers,
        text: response.body,
        json: /json/.test(String(response.headers['content-type'])) ? response.json() : undefined,
      };
    },
    close: async () => {
      await server.close();
      await app.close();
      assert.deepEqual(suspiciousLines(own.join('')), [], 'a secret was logged');
    },
  };
}

/** Returns a new key. A second app on the same database gets another key of the same administrator. */
async function makeAdministrator(app: App): Promise<string> {
  const space = app.spaces.first;
  const known = await findAccountByUsername(app.database, space.id, 'admin');
  const fields = { username: 'admin', password: 'administrator', admin: true, activated: true };
  const checked = await checkAccountFields(fields, space);
  return change(app, operator, async (tx, by) => {
    const account = known ?? (await createAccountIn(tx, by, space, checked));
    return (await createApiKeyIn(tx, by, account, { name: 'test', expiresAt: null })).secret;
  });
}
