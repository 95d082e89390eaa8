import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LoadJob, LoadResult } from '../load/load-job.ts';
import type { FixedAnswer } from './reference-server.ts';

/** A program of this folder that runs in a process of its own and answers each message with one. */
interface Child {
  readonly pid: number;
  ask(message: object): Promise<unknown>;
  /** Resolves with the next message of the program. */
  told(): Promise<unknown>;
  stop(): void;
}

function startChild(file: string): Child {
  const child = fork(join(import.meta.dirname, file), { serialization: 'advanced' });
  const told = async (): Promise<unknown> => {
    const waiting = new AbortController();
    const { signal } = waiting;
    try {
      const ended = once(child, 'exit', { signal }).then(() => Promise.reject(new Error(`${file} ended by itself.`)));
      const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
      return message;
    } finally {
      waiting.abort();
    }
  };
  return {
    pid: child.pid ?? 0,
    told,
    ask(message) {
      const answer = told();
      child.send(message);
      return answer;
    },
    stop: () => child.kill(),
  };
}

export interface LoadGenerator {
  run(job: LoadJob): Promise<LoadResult>;
  stop(): void;
}

export function startLoadGenerator(): LoadGenerator {
  const child = startChild('../load/load-generator.ts');
  return { run: async (job) => (await child.ask(job)) as LoadResult, stop: child.stop };
}

export interface ReferenceServer {
  readonly pid: number;
  readonly port: number;
  /** Makes the server give this answer to all requests from now on. */
  answerWith(answer: FixedAnswer): Promise<void>;
  stop(): void;
}

export async function startReferenceServer(): Promise<ReferenceServer> {
  const child = startChild('reference-server.ts');
  const port = Number(await child.told());
  return { pid: child.pid, port, answerWith: async (answer) => void (await child.ask(answer)), stop: child.stop };
}
