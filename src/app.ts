import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { forgetEndedKeys } from './access/api-keys.ts';
import { KeyUses } from './access/key-uses.ts';
import { ensureFirstSpace } from './administration/manage-spaces.ts';
import { Nonces } from './cluster/digest-nonces.ts';
import { heartbeatMs, isNodeAlive, registerNode, unregisterNode } from './cluster/node-store.ts';
import { effectiveHooks } from './config/hooks-file.ts';
import { LinphonercFile } from './config/linphonerc-file.ts';
import { effectivePublicUrl } from './config/public-url.ts';
import { effectiveSecret } from './config/secret.ts';
import type { Settings } from './config/settings.ts';
import { listContacts } from './contacts/contact-store.ts';
import { DeviceUses } from './devices/device-uses.ts';
import { BaseDocuments } from './documents/base-documents.ts';
import type { DocumentHooks } from './documents/document-hooks.ts';
import { FetchedDocuments } from './documents/fetched-documents.ts';
import { EventLog } from './events/event-log.ts';
import { loadHooks } from './hooks/load-hooks.ts';
import { documentHooks } from './hooks/run-hooks.ts';
import type { Logger } from './lib/logger.ts';
import type { ProvisioningContext } from './provisioning/context.ts';
import { Deliveries } from './provisioning/deliveries.ts';
import { SpaceDirectory } from './spaces/space-directory.ts';
import type { Database } from './storage/database.ts';
import { openDatabase } from './storage/dialect.ts';
import { migrate, requireMigrated } from './storage/migrate.ts';
import { deleteEndedTokens } from './tokens/token-outcome-store.ts';

/** Everything a face needs, composed once; what each domain folder asks for is part of it by shape. */
export interface App extends ProvisioningContext {
  readonly settings: Settings;
  readonly log: Logger;
  readonly nonces: Nonces;
  readonly keyUses: KeyUses;
  readonly deviceUses: DeviceUses;
  readonly linphonerc: LinphonercFile;
  readonly secret: string;
  readonly pathPrefix: string;
  readonly tokenLifetimeMs: number;
  /** Keeps up with the files and the database, until `close`: for a process that answers requests. */
  startBackgroundWork(): Promise<void>;
  /** Writes down what waits and closes the database. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly log: Logger;
  readonly now?: () => number;
  /** Whether pending migrations are applied on PostgreSQL too; on SQLite they always are. */
  readonly migrates?: boolean;
  /** Whether linphonerc and hooks are loaded. What makes no documents goes on without them, even where they are broken. */
  readonly documents?: boolean;
}

const watchMs = 500;
const pruneMs = 10 * 60_000;

/** Where the database is: the URL of a server, or the path of the SQLite file. */
export function databaseLocation(settings: Pick<Settings, 'databaseUrl' | 'dataDir'>): string {
  return settings.databaseUrl ?? join(settings.dataDir, 'ringup.sqlite');
}

export async function openApp(settings: Settings, options: AppOptions): Promise<App> {
  const { log, now = Date.now, migrates = false, documents = true } = options;
  const linphonerc = LinphonercFile.open(documents ? settings.linphonerc : null);
  const database = openDatabase(databaseLocation(settings), (error) =>
    log.error({ err: error }, 'an idle database connection failed'),
  );
  try {
    return await composeApp(settings, { log, now, migrates, documents }, linphonerc, database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function composeApp(
  settings: Settings,
  { log, now, migrates, documents }: Required<AppOptions>,
  linphonerc: LinphonercFile,
  database: Database,
): Promise<App> {
  const db = database;
  if (migrates || settings.databaseUrl === null) await migrate(db);
  else await requireMigrated(db);
  await ensureFirstSpace(database, { domain: settings.sipDomain, registrar: settings.sipRegistrar }, now());
  const spaces = await SpaceDirectory.open(db);
  const publicUrl = effectivePublicUrl(settings);
  const secret = effectiveSecret(settings);
  const bootId = randomUUID();
  const events = new EventLog(database, {
    onError: (error) => log.error({ err: error }, 'events were not recorded'),
    onLoss: (count) => log.warn({ count }, 'too much happened at once: some events were not recorded'),
  });
  const deliveries = new Deliveries(db, events, now, (error) =>
    log.error({ err: error }, 'outcomes of answers were not recorded'),
  );
  const fetched = new FetchedDocuments(database, secret, (error) =>
    log.error({ err: error }, 'what phones were handed was not recorded'),
  );
  const keyUses = new KeyUses(db);
  const deviceUses = new DeviceUses(db, (error) => log.error({ err: error }, 'the end of a device was not recorded'));
  const hooks = documents ? await openHooks(settings, database, spaces, log) : undefined;
  const timers: NodeJS.Timeout[] = [];
  let registered = false;
  const every = (milliseconds: number, what: string, work: () => unknown): void => {
    let running = false;
    const run = async (): Promise<void> => {
      if (running) return;
      running = true;
      try {
        await work();
      } catch (error) {
        log.error({ err: error }, `${what} failed; it will be tried again`);
      } finally {
        running = false;
      }
    };
    timers.push(setInterval(() => void run(), milliseconds).unref());
  };
  return {
    settings,
    log,
    database,
    spaces,
    baseDocuments: new BaseDocuments(() => linphonerc.document, publicUrl),
    deliveries,
    fetched,
    events,
    hooks,
    publicUrl,
    bootId,
    nonces: new Nonces({ secret, bootId, now }),
    keyUses,
    deviceUses,
    linphonerc,
    secret,
    pathPrefix: new URL(publicUrl).pathname.replace(/\/$/, ''),
    tokenLifetimeMs: settings.tokenLifetime,
    now,
    isProcessAlive: (id) => isNodeAlive(db, id),
    async startBackgroundWork() {
      await registerNode(db, bootId);
      registered = true;
      every(watchMs, 'reading the spaces again', () => spaces.refresh());
      every(watchMs, 'reading the linphonerc file again', () => linphonerc.refresh());
      every(heartbeatMs, 'the heartbeat', async () => {
        await registerNode(db, bootId);
        await keyUses.flush();
        await deviceUses.flush();
        await events.settle(now());
      });
      every(pruneMs, 'forgetting ended keys and tokens', async () => {
        await forgetEndedKeys({ database, keyUses, now });
        await deleteEndedTokens(db, now());
      });
      if (settings.eventsKept > 0) {
        every(pruneMs, 'forgetting old events', () => events.prune(now() - settings.eventsKept));
      }
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      await deliveries.close();
      await fetched.close();
      await events.close();
      await keyUses.flush();
      await deviceUses.flush();
      if (registered) await unregisterNode(db, bootId);
      await database.close();
    },
  };
}

async function openHooks(
  settings: Settings,
  database: Database,
  spaces: SpaceDirectory,
  log: Logger,
): Promise<DocumentHooks | undefined> {
  const file = effectiveHooks(settings);
  if (file === undefined) return undefined;
  return documentHooks(await loadHooks(file), {
    contactsOf: (account) => listContacts(database, account.id),
    domainOf: (spaceId) => spaces.findById(spaceId)?.domain,
    onFailure: (failure) => log.error(failure, 'a hook failed; the request was refused and nothing changed'),
  });
}
