import { deleteEndedApiKeys, type KeyContext } from '../access/caller-of-key.ts';
import { heartbeatMs, registerNode } from '../cluster/node-store.ts';
import type { LinphonercFile } from '../config/linphonerc-file.ts';
import type { EventLog } from '../events/event-log.ts';
import { deleteEndedTokens } from '../tokens/ended-token-store.ts';

/** Work that is done again and again while the server runs. */
export interface Job {
  /** For the log: what failed. */
  readonly name: string;
  readonly everyMs: number;
  run(): unknown;
}

export interface JobContext extends KeyContext {
  readonly bootId: string;
  readonly linphonerc: LinphonercFile;
  readonly events: EventLog;
  /** Milliseconds; 0: forever. */
  readonly eventsKeptMs: number;
}

const watchMs = 500;
const pruneMs = 10 * 60_000;

/** Every node does all of these: each is cheap where another node has done it already. */
export function jobsOf(context: JobContext): Job[] {
  const { database, spaces, linphonerc, bootId, events, eventsKeptMs, now } = context;
  return [
    { name: 'reading the spaces again', everyMs: watchMs, run: () => spaces.refresh() },
    { name: 'reading the linphonerc file again', everyMs: watchMs, run: () => linphonerc.refresh() },
    { name: 'the heartbeat', everyMs: heartbeatMs, run: () => registerNode(database, bootId) },
    { name: 'writing repeated events', everyMs: heartbeatMs, run: () => events.settle(now()) },
    { name: 'deleting ended keys', everyMs: pruneMs, run: () => deleteEndedApiKeys(context) },
    { name: 'deleting ended tokens', everyMs: pruneMs, run: () => deleteEndedTokens(database, now()) },
    ...(eventsKeptMs === 0
      ? []
      : [{ name: 'deleting old events', everyMs: pruneMs, run: () => events.prune(now() - eventsKeptMs) }]),
  ];
}

/** Runs each job every so often, never twice at once; returns what stops them. */
export function startJobs(jobs: readonly Job[], onError: (error: unknown, job: Job) => void): () => void {
  const timers = jobs.map((job) => {
    let running = false;
    const run = async (): Promise<void> => {
      if (running) return;
      running = true;
      try {
        await job.run();
      } catch (error) {
        onError(error, job);
      } finally {
        running = false;
      }
    };
    return setInterval(() => void run(), job.everyMs).unref();
  });
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
