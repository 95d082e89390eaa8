import { randomUUID } from 'node:crypto';
import { Nonces } from './access/digest-nonces.ts';
import { KeyUses } from './access/key-uses.ts';
import { isNodeAlive, registerNode, unregisterNode } from './cluster/node-store.ts';
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
import { closeDatabaseToOthers, databaseLocation } from './instance-database.ts';
import { jobsOf, startJobs } from './jobs/jobs.ts';
import type { Logger } from './lib/logger.ts';
import { steadyClock } from './lib/steady-clock.ts';
import type { ProvisioningContext } from './provisioning/context.ts';
import { Deliveries } from './provisioning/deliveries.ts';
import { ensureFirstSpace } from './spaces/ensure-first-space.ts';
import { SpaceDirectory } from './spaces/space-directory.ts';
import type { Database } from './storage/database.ts';
import { openDatabase } from './storage/dialect.ts';
import { migrate, requireMigrated, requireNotNewer } from './storage/migrate.ts';
import { OpenAuthTokens } from './tokens/open-auth-tokens.ts';

/** Everything a face needs, composed once; what each domain folder asks for is part of it by shape. */
export interface App extends ProvisioningContext {
  readonly settings: Settings;
  readonly log: Logger;
  readonly nonces: Nonces;
  readonly keyUses: KeyUses;
  readonly deviceUses: DeviceUses;
  readonly openAuthTokens: OpenAuthTokens;
  readonly linphonerc: LinphonercFile;
  readonly secret: string;
  readonly pathPrefix: string;
  readonly tokenLifetimeMs: number;
  readonly eventsKeptMs: number;
  /** Throws where requests cannot be answered: the database cannot be reached, or is not migrated. */
  requireReady(): Promise<void>;
  /** Starts the jobs and the heartbeat. Only processes that serve call it. */
  startBackgroundWork(): Promise<void>;
  /** Writes down what waits and closes the database. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly log: Logger;
  readonly now?: () => number;
  /** Counts milliseconds from any moment, and is never set back. */
  readonly elapsed?: () => number;
  /** Whether pending migrations are applied on PostgreSQL too; on SQLite they always are. */
  readonly migrates?: boolean;
  /** Whether linphonerc and hooks are loaded. Commands that make no documents work without them, even if they are broken. */
  readonly documents?: boolean;
}

/** How long `close` tries to write what waits, in a database that refuses it. */
const closePatienceMs = 10_000;

export async function openApp(settings: Settings, options: AppOptions): Promise<App> {
  const { log, now = Date.now, elapsed = () => performance.now(), migrates = false, documents = true } = options;
  const linphonerc = LinphonercFile.open(documents ? settings.linphonerc : null);
  closeDatabaseToOthers(settings);
  const database = await openDatabase(databaseLocation(settings), (error) =>
    log.error({ err: error }, 'an idle database connection failed'),
  );
  try {
    return await composeApp(settings, { log, now, elapsed, migrates, documents }, linphonerc, database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function composeApp(
  settings: Settings,
  { log, now, elapsed, migrates, documents }: Required<AppOptions>,
  linphonerc: LinphonercFile,
  database: Database,
): Promise<App> {
  await requireNotNewer(database);
  if (migrates || settings.databaseUrl === null) await migrate(database);
  else await requireMigrated(database);
  await ensureFirstSpace(database, { domain: settings.sipDomain, registrar: settings.sipRegistrar }, now());
  const spaces = await SpaceDirectory.open(database);
  const secret = effectiveSecret(settings);
  const bootId = randomUUID();
  const steadyNow = steadyClock(now, elapsed);
  const basis = { log, now, steadyNow, database, linphonerc, spaces, secret, bootId };
  const writers = openWriters(basis);
  const parts: Parts = {
    ...basis,
    ...writers,
    ...fromSettings(settings, linphonerc),
    nonces: new Nonces({ secret, bootId, now }),
    openAuthTokens: new OpenAuthTokens(database),
    hooks: documents ? await openHooks(settings, database, spaces, log) : undefined,
    isProcessAlive: (id) => isNodeAlive(database, id),
    requireReady: () => requireMigrated(database),
  };
  return { ...parts, ...lifeOf(parts, writers) };
}

/** The app without what begins and ends its work. */
type Parts = Omit<App, keyof Life>;
type Life = Pick<App, 'startBackgroundWork' | 'close'>;

function fromSettings(settings: Settings, linphonerc: LinphonercFile) {
  const publicUrl = effectivePublicUrl(settings);
  return {
    settings,
    publicUrl,
    pathPrefix: new URL(publicUrl).pathname.replace(/\/$/, ''),
    baseDocuments: new BaseDocuments(() => linphonerc.document, publicUrl),
    tokenLifetimeMs: settings.tokenLifetime,
    eventsKeptMs: settings.eventsKept,
  };
}

type Writers = ReturnType<typeof openWriters>;

/** Opens what is written down in batches. */
function openWriters({
  database,
  secret,
  log,
  now,
  steadyNow,
}: Pick<App, 'database' | 'secret' | 'log' | 'now' | 'steadyNow'>) {
  const notWritten = (what: string) => (error: unknown, lost: number) =>
    log.error({ err: error, lost }, `${what} could not be written down`);
  return {
    events: new EventLog(database, {
      onError: notWritten('events'),
      onDropped: (count) => log.warn({ count }, 'too much happened at once: some events were not recorded'),
    }),
    deliveries: new Deliveries(database, { now, steadyNow }, notWritten('outcomes of answers')),
    fetched: new FetchedDocuments(database, secret, notWritten('what phones were handed')),
    keyUses: new KeyUses(database, notWritten('uses of keys')),
    deviceUses: new DeviceUses(database, notWritten('uses and ends of devices')),
  };
}

function lifeOf(parts: Parts, writers: Writers): Life {
  const { database, bootId, log } = parts;
  let registered = false;
  let stopJobs = (): void => {};
  return {
    async startBackgroundWork() {
      await registerNode(database, bootId);
      registered = true;
      stopJobs = startJobs(jobsOf(parts), (error, { name }) =>
        log.error({ err: error, job: name }, 'a background job failed; it will be tried again'),
      );
    },
    async close() {
      stopJobs();
      await closeWriters(writers);
      try {
        if (registered) await unregisterNode(database, bootId);
      } finally {
        await database.close();
      }
    },
  };
}

/**
 * All at once, because one that cannot be written must not use up the time of the others. `deliveries` comes first:
 * when it closes, it tells `deviceUses` which devices ended.
 */
async function closeWriters({ deliveries, deviceUses, keyUses, events, fetched }: Writers): Promise<void> {
  const patience = AbortSignal.timeout(closePatienceMs);
  const writing = [deliveries, deviceUses, keyUses, events, fetched];
  await Promise.all(writing.map((each) => each.close(patience)));
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
