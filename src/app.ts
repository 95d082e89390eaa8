import { randomUUID } from 'node:crypto';
import { Nonces } from './access/digest-nonces.ts';
import type { LastUses } from './access/last-uses.ts';
import { RequestLimits } from './access/request-limits.ts';
import { SignInLimits } from './access/sign-in-limits.ts';
import { ProvisioningDays } from './administration/provisioning-days.ts';
import { Heartbeat } from './cluster/heartbeat.ts';
import { isNodeAlive, unregisterNode } from './cluster/node-store.ts';
import { PublicAddress, withAddress } from './cluster/public-address.ts';
import { LinphonercFile } from './config/linphonerc-file.ts';
import { effectivePublicUrl } from './config/public-url.ts';
import { effectiveSecret } from './config/secret.ts';
import type { Settings } from './config/settings.ts';
import { SharedDirectories } from './contacts/shared-directories.ts';
import type { DeviceUses } from './devices/device-uses.ts';
import { LinphoneVersions } from './devices/linphone-versions.ts';
import { BaseDocuments } from './documents/base-documents.ts';
import { AccountWatch } from './events/account-watch.ts';
import type { HookState } from './hooks/hook-state.ts';
import { openHooks } from './hooks/open-hooks.ts';
import type { HookLimits } from './hooks/run-hooks.ts';
import { ImportRunner } from './importing/import-runner.ts';
import { addressForCommands, announceServer, findServer } from './instance-address.ts';
import { closeDatabaseToOthers, databaseLocation, prepareDatabase } from './instance-database.ts';
import { addressJob, jobsOf, startJobs } from './jobs/jobs.ts';
import {
  discardTaken,
  findUnwritten,
  forgetUnwritten,
  keepTaken,
  keepUnwritten,
  reserveUnwritten,
  restoreUnwritten,
  writtenJob,
} from './jobs/unwritten.ts';
import { type AllWriters, closeWriters, openWriters } from './jobs/writers.ts';
import type { Logger } from './lib/logger.ts';
import { OutageLog } from './lib/outage-log.ts';
import { type Seal, sealWith } from './lib/seal-text.ts';
import { steadyClock } from './lib/steady-clock.ts';
import { within } from './lib/within.ts';
import { addMailing, type Mailing } from './mail/mailing.ts';
import type { ProvisioningContext } from './provisioning/context.ts';
import { SpaceDirectory } from './spaces/space-directory.ts';
import { openDatabase } from './storage/dialect.ts';
import { requireMigrated } from './storage/migrate.ts';
import type { PoolLimits } from './storage/postgres-pool.ts';
import { type Codes, codesOf } from './tokens/codes.ts';
import { OpenAuthTokens } from './tokens/open-auth-tokens.ts';
import { findToken } from './tokens/token-store.ts';

/** Everything that a face needs, composed once. It satisfies the interfaces of all domain folders. */
export interface App extends ProvisioningContext, Mailing {
  readonly settings: Settings;
  readonly log: Logger;
  readonly outages: OutageLog;
  readonly limits: Limits;
  /** Returns milliseconds since an arbitrary moment. Unlike `now`, it never goes backwards. */
  readonly elapsed: () => number;
  readonly heartbeat: Heartbeat;
  readonly nonces: Nonces;
  readonly keyUses: LastUses;
  readonly sessionUses: LastUses;
  readonly provisioningDays: ProvisioningDays;
  readonly linphoneVersions: LinphoneVersions;
  readonly signInLimits: SignInLimits;
  readonly requestLimits: RequestLimits;
  readonly deviceUses: DeviceUses;
  readonly openAuthTokens: OpenAuthTokens;
  readonly linphonerc: LinphonercFile;
  readonly directories: SharedDirectories;
  /** Whether and how the operator's hooks were loaded; undefined if there are none. */
  readonly hookState: HookState | undefined;
  readonly secret: string;
  readonly address: PublicAddress;
  /** The path prefix of the current public URL, which may change while the server runs. */
  readonly pathPrefix: string;
  readonly codes: Codes;
  readonly rowSeal: Seal;
  readonly imports: ImportRunner;
  /** A warning about the address for people who read a link, if there is one. */
  readonly addressNote: string | undefined;
  /** Whether the settings fix the domain of the first space. */
  readonly isDomainFixed: boolean;
  readonly tokenLifetimeMs: number;
  readonly eventsKeptMs: number;
  /** Throws if requests cannot be answered: the database cannot be reached, is not migrated, or accepts no changes. */
  requireReady(): Promise<void>;
  /** Starts the jobs and the heartbeat. Only processes that serve requests call it. */
  startBackgroundWork(options?: BackgroundWork): Promise<void>;
  /** Tells commands where the server is. Call it once the server listens. */
  announce(): Promise<void>;
  /**
   * Ends mails, imports and look-ups until `workPatience` is aborted. Then writes everything that waits to be written
   * until `patience` is, by default for up to ten seconds, and closes the database.
   */
  close(patience?: AbortSignal, workPatience?: AbortSignal): Promise<void>;
}

export interface BackgroundWork {
  /** Whether it includes the jobs that run at intervals. By default, it does. */
  readonly runsJobs?: boolean;
}

/** How long the app waits for others. What is left out has its default. */
export interface Limits {
  readonly database?: PoolLimits;
  readonly hooks?: HookLimits;
  /** For an import, before a page shows its progress. */
  readonly importMs?: number;
  /** For the headers and the body of a request to arrive, and for all of a request with a large body. */
  readonly requests?: { readonly headersMs: number; readonly bodyMs: number; readonly uploadMs: number };
}

export interface AppOptions {
  readonly log: Logger;
  readonly limits?: Limits;
  readonly now?: () => number;
  readonly elapsed?: App['elapsed'];
  /** Whether to apply pending migrations on PostgreSQL too. On SQLite they are always applied. */
  readonly migrates?: boolean;
  /**
   * Whether to load linphonerc and hooks. Commands that build no documents work without them, even if they are broken.
   */
  readonly documents?: boolean;
  /** Whether links lead to the server that is running or ran last, as the links of commands do. */
  readonly findsServer?: boolean;
}

/** The system clock, in epoch milliseconds. */
export const systemClock = (): number => Date.now();

/** How long `close` tries to write what waits, if the database refuses it. */
const closePatienceMs = 10_000;

export async function openApp(settings: Settings, options: AppOptions): Promise<App> {
  const { log, now = systemClock, elapsed = () => performance.now(), migrates = false, documents = true } = options;
  const { findsServer = false, limits = {} } = options;
  const linphonerc = LinphonercFile.open(documents ? settings.linphonerc : null);
  closeDatabaseToOthers(settings);
  const outages = new OutageLog(log);
  const onIdleError = (error: unknown) => outages.report(error, {}, 'an idle database connection failed');
  const database = await openDatabase(databaseLocation(settings), onIdleError, limits.database);
  try {
    const opened = { linphonerc, database, outages };
    return await composeApp(settings, { log, limits, now, elapsed, migrates, documents, findsServer }, opened);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function composeApp(
  settings: Settings,
  { log, limits, now, elapsed, migrates, documents, findsServer }: Required<AppOptions>,
  opened: Pick<App, 'linphonerc' | 'database' | 'outages'>,
): Promise<App> {
  const { linphonerc, database, outages } = opened;
  await prepareDatabase(database, settings, { migrates, now: now() });
  const spaces = await SpaceDirectory.open(database);
  const secret = effectiveSecret(settings);
  const bootId = randomUUID();
  const steadyNow = steadyClock(now, elapsed);
  const heartbeat = new Heartbeat(database, bootId, elapsed);
  const basis = { ...opened, log, limits, now, steadyNow, elapsed, heartbeat, spaces, secret, bootId };
  const writers = openWriters(basis);
  const { publicUrl: own, note } = findsServer
    ? addressForCommands(settings, await findServer(settings, database))
    : { publicUrl: effectivePublicUrl(settings) };
  // Commands use the address that the server announced, and the server has read this setting.
  const address = new PublicAddress(database, { own, isFixed: findsServer || settings.publicUrl !== null });
  await address.refresh();
  const derived = {
    ...fromSettings(settings, address, linphonerc),
    codes: codesOf(secret),
    rowSeal: sealWith(secret, 'rows of imports'),
  };
  const fixed = {
    ...basis,
    ...writers,
    ...derived,
    address,
    addressNote: note,
    nonces: new Nonces({ secret, bootId, now }),
    imports: new ImportRunner(withAddress({ ...basis, ...derived, mail: settings }, address), (...failure) =>
      reportImport(outages, ...failure),
    ),
    ...keptInMemory(basis),
    ...(documents ? await openHooks(settings, basis) : { hooks: undefined, hookState: undefined }),
    isProcessAlive: (id: string) => isNodeAlive(database, id),
    async requireReady() {
      database.requireInPlace();
      await requireMigrated(database);
      await heartbeat.requireBeating();
      // The first query of a redemption, as the same prepared statement. No token has this hash.
      await findToken(database, 'provisioning', '');
    },
  };
  const parts: Parts = addMailing(withAddress(fixed, address), settings);
  return Object.assign(parts, lifeOf(parts, writers));
}

function reportImport(outages: OutageLog, error: unknown, id: number, isRepeated: boolean): void {
  const sentence = isRepeated
    ? 'an import could not go on; it will be tried again'
    : 'an import stopped; it goes on once somebody has it checked again';
  outages.report(error, { import: id }, sentence);
}

/** Creates the parts that keep their state in this process only. */
function keptInMemory({ database, outages, elapsed, now }: Pick<App, 'database' | 'outages' | 'elapsed' | 'now'>) {
  return {
    signInLimits: new SignInLimits(),
    requestLimits: new RequestLimits(elapsed),
    provisioningDays: new ProvisioningDays(database),
    linphoneVersions: new LinphoneVersions(database),
    openAuthTokens: new OpenAuthTokens(database, elapsed),
    directories: new SharedDirectories(database),
    accountWatch: new AccountWatch({ database, now }, (error) =>
      outages.report(error, {}, 'events could not be followed'),
    ),
  };
}

/** Ends what may take long: mails, imports and look-ups. One that fails or hangs takes no time from the others. */
async function endWork({ outbox, imports, passwordResets, log }: Parts, patience: AbortSignal): Promise<void> {
  const ends = [outbox.close(patience), within(patience, imports.close()), passwordResets.close(patience)];
  for (const end of await Promise.allSettled(ends)) {
    if (end.status === 'rejected') log.warn({ err: end.reason }, 'some background work could not be ended');
  }
}

/** The app without the functions that start and end its work. */
type Parts = Omit<App, keyof Life>;
type Life = Pick<App, 'startBackgroundWork' | 'announce' | 'close'>;

function fromSettings(settings: Settings, address: PublicAddress, linphonerc: LinphonercFile) {
  return {
    settings,
    baseDocuments: new BaseDocuments(
      () => linphonerc.document,
      () => address.url,
    ),
    isDomainFixed: settings.sipDomain !== null,
    tokenLifetimeMs: settings.tokenLifetime,
    eventsKeptMs: settings.eventsKept,
  };
}

function lifeOf(parts: Parts, writers: AllWriters): Life {
  const { settings, database, heartbeat, bootId, log, outages } = parts;
  let registered = false;
  let stopJobs = (): void => {};
  const announce = (): Promise<void> => announceServer(settings, database, parts);
  return {
    async startBackgroundWork({ runsJobs = true } = {}) {
      const kept = await findUnwritten(parts);
      const isWritten = await restoreUnwritten(writers, kept);
      keepTaken(parts, kept, isWritten);
      try {
        await heartbeat.beat();
      } catch (error) {
        discardTaken(parts);
        throw error;
      }
      registered = true;
      await forgetUnwritten(parts, kept, isWritten);
      await reserveUnwritten(parts);
      if (!runsJobs) return;
      const jobs = [...jobsOf(parts), addressJob(parts.address, announce), writtenJob(parts, writers)];
      stopJobs = startJobs(jobs, (error, { name }) =>
        outages.report(error, { job: name }, 'a background job failed; it will be tried again'),
      );
    },
    announce,
    async close(patience = AbortSignal.timeout(closePatienceMs), workPatience = patience) {
      stopJobs();
      parts.accountWatch.close();
      await endWork(parts, workPatience);
      try {
        const unwritten = await closeWriters(writers, patience);
        // A process that could not write everything stays listed, so that the next start recognizes the database.
        if (registered && keepUnwritten(parts, unwritten)) await within(patience, unregisterNode(database, bootId));
      } catch (error) {
        log.warn({ err: error }, 'the database was not told that this process ends');
      } finally {
        outages.close();
        await database.close();
      }
    },
  };
}
