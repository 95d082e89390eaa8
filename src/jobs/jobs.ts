import { deleteEndedApiKeys, type KeyContext } from '../access/caller-of-key.ts';
import { forgetNetworks } from '../access/familiar-network-store.ts';
import { deleteEndedSessions, type SessionContext } from '../access/sessions.ts';
import { familiarForMs } from '../access/sign-in-by-password.ts';
import { addAllCountsUp, expireAllCodes } from '../accounts/account-states.ts';
import type { ProvisioningDays } from '../administration/provisioning-days.ts';
import type { Heartbeat } from '../cluster/heartbeat.ts';
import { heartbeatMs } from '../cluster/node-store.ts';
import type { PublicAddress } from '../cluster/public-address.ts';
import type { LinphonercFile } from '../config/linphonerc-file.ts';
import { condenseDirectories } from '../contacts/shared-directories.ts';
import type { LinphoneVersions } from '../devices/linphone-versions.ts';
import type { EventLog } from '../events/event-log.ts';
import type { ImportRunner } from '../importing/import-runner.ts';
import { eraseImports } from '../importing/revise-import.ts';
import { inSmallSteps, pageByPage } from '../lib/small-steps.ts';
import { keptForMs } from '../mail/mail.ts';
import { deleteMailsBefore } from '../mail/mail-store.ts';
import type { Outbox } from '../mail/outbox.ts';
import { deleteEndedTokens } from '../tokens/ended-token-store.ts';
import { noteOrphanedClaims } from '../tokens/orphaned-claim-store.ts';

/** Work that is repeated while the server runs. */
export interface Job {
  /** The name of the job in the log. */
  readonly name: string;
  readonly everyMs: number;
  /** `signal` tells long work to end, because the process stops. */
  run(signal: AbortSignal): unknown;
}

export interface JobContext extends KeyContext, SessionContext {
  readonly heartbeat: Heartbeat;
  readonly provisioningDays: ProvisioningDays;
  readonly linphoneVersions: LinphoneVersions;
  readonly linphonerc: LinphonercFile;
  readonly events: EventLog;
  readonly imports: ImportRunner;
  readonly outbox: Outbox;
  /** Milliseconds; 0 keeps events forever. */
  readonly eventsKeptMs: number;
}

const watchMs = 500;
const outboxMs = 1_000;
/** Longer than any transaction, so that every event with an id at the previous run is visible by now. */
const countMs = 15_000;
const walkMs = 5_000;
const pruneMs = 10 * 60_000;

/** Returns all jobs. Every node runs all of them; a job is cheap if another node has just done it. */
export function jobsOf(context: JobContext): Job[] {
  const { database, spaces, linphonerc, heartbeat, events, imports, eventsKeptMs, outbox, now } = context;
  return [
    { name: 'reading the spaces again', everyMs: watchMs, run: () => spaces.refresh() },
    { name: 'reading the linphonerc file again', everyMs: watchMs, run: () => linphonerc.refresh() },
    { name: 'the heartbeat', everyMs: heartbeatMs, run: () => heartbeat.beat() },
    { name: 'writing repeated events', everyMs: heartbeatMs, run: () => events.settle(now()) },
    { name: 'going on with imports', everyMs: heartbeatMs, run: () => imports.resumeAll() },
    { name: 'erasing rows of imports', everyMs: pruneMs, run: (signal) => eraseImports(context, signal) },
    { name: 'sending mails', everyMs: outboxMs, run: () => outbox.run() },
    { name: 'deleting old mails', everyMs: pruneMs, run: (signal) => deleteMails(context, signal) },
    { name: 'counting phones that were set up', everyMs: countMs, run: () => context.provisioningDays.count() },
    { name: 'counting versions of Linphone', everyMs: walkMs, run: () => context.linphoneVersions.walk() },
    { name: 'deleting ended keys', everyMs: pruneMs, run: () => deleteEndedApiKeys(context) },
    { name: 'deleting ended sessions', everyMs: pruneMs, run: () => deleteEndedSessions(context) },
    { name: 'forgetting networks', everyMs: pruneMs, run: () => forgetNetworks(database, now() - familiarForMs) },
    { name: 'ending expired codes', everyMs: heartbeatMs, run: () => expireAllCodes(database, now()) },
    { name: 'adding up the numbers of accounts', everyMs: heartbeatMs, run: () => addAllCountsUp(database) },
    { name: 'noting lost claims', everyMs: pruneMs, run: () => noteOrphanedClaims(database, now()) },
    { name: 'condensing changes of directories', everyMs: pruneMs, run: () => condenseDirectories(context) },
    { name: 'deleting ended tokens', everyMs: pruneMs, run: (signal) => deleteTokens(context, signal) },
    ...(eventsKeptMs === 0
      ? []
      : [
          {
            name: 'deleting old events',
            everyMs: pruneMs,
            run: (signal: AbortSignal) => events.prune(now(), eventsKeptMs, signal),
          },
        ]),
  ];
}

function deleteMails({ database, now }: JobContext, signal: AbortSignal): Promise<void> {
  const before = now() - keptForMs;
  return inSmallSteps((limit) => deleteMailsBefore(database, before, limit), signal);
}

function deleteTokens({ database, now }: JobContext, signal: AbortSignal): Promise<void> {
  const at = now();
  return pageByPage((after, limit) => deleteEndedTokens(database, { now: at, after }, limit), signal);
}

/**
 * Returns the job that notices when the address changes, here or on another node. `announce` tells commands where the
 * server is. They know the present address already.
 */
export function addressJob(address: PublicAddress, announce: () => Promise<void>): Job {
  let announced = address.url;
  const run = async (): Promise<void> => {
    await address.refresh();
    const { url } = address;
    if (url === announced) return;
    await announce();
    announced = url;
  };
  return { name: 'reading the address again', everyMs: watchMs, run };
}

/** Runs each job at its interval, never twice at the same time. Returns a function that stops them. */
export function startJobs(jobs: readonly Job[], onError: (error: unknown, job: Job) => void): () => void {
  const stopping = new AbortController();
  const timers = jobs.map((job) => {
    let running = false;
    const run = async (): Promise<void> => {
      if (running) return;
      running = true;
      try {
        await job.run(stopping.signal);
      } catch (error) {
        onError(error, job);
      } finally {
        running = false;
      }
    };
    return setInterval(() => void run(), job.everyMs).unref();
  });
  return () => {
    stopping.abort();
    for (const timer of timers) clearInterval(timer);
  };
}
