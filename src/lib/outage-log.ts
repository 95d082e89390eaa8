import { adviceAbout, hasSeveralCauses } from '../errors/database-sentences.ts';
import { AppError } from '../errors.ts';
import type { Logger } from './logger.ts';

const repeatMs = 60_000;

/** The trouble of the database, and the code that tells its causes apart if there are several. */
interface Cause {
  readonly why: string;
  readonly code?: string;
}

/**
 * Logs failures. If the database is the cause, it logs the first failure with advice, and then once a minute how many
 * followed. A new cause gets a line at once.
 */
export class OutageLog {
  readonly #log: Logger;
  readonly #open = new Map<string, { readonly cause: Cause; count: number; readonly timer: NodeJS.Timeout }>();

  constructor(log: Logger) {
    this.#log = log;
  }

  report(error: unknown, fields: object, sentence: string): void {
    const cause = causeOf(error);
    const open = cause && this.#open.get(keyOf(cause));
    if (open !== undefined) {
      open.count += 1;
    } else if (cause === undefined) {
      this.#log.error({ ...fields, err: error }, sentence);
    } else {
      this.#log.error({ ...fields, ...cause, advice: adviceAbout(cause.why), err: error }, sentence);
      const key = keyOf(cause);
      this.#open.set(key, { cause, count: 0, timer: setInterval(() => this.#sum(key), repeatMs).unref() });
    }
  }

  /** Logs what has not been counted yet. */
  close(): void {
    for (const key of [...this.#open.keys()]) {
      this.#sum(key);
      clearInterval(this.#open.get(key)?.timer);
    }
    this.#open.clear();
  }

  #sum(key: string): void {
    const open = this.#open.get(key);
    if (open === undefined) return;
    if (open.count > 0) {
      this.#log.error({ ...open.cause, count: open.count }, 'the database failed again');
      open.count = 0;
    } else {
      clearInterval(open.timer);
      this.#open.delete(key);
    }
  }
}

function causeOf(error: unknown): Cause | undefined {
  const why = error instanceof AppError ? error.factsOf('database-unavailable')?.why : undefined;
  if (why === undefined) return undefined;
  const code = hasSeveralCauses(why) ? codeOf(error) : undefined;
  return code === undefined ? { why } : { why, code };
}

/** Returns the first code of an operating system, a driver or a database under the failure. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (!(error instanceof AppError) && 'code' in error) return String(error.code);
  return codeOf(error instanceof AggregateError ? error.errors[0] : error.cause);
}

function keyOf({ why, code = '' }: Cause): string {
  return `${why} ${code}`;
}
