import { adviceAbout, hasSeveralCauses } from '../errors/database-sentences.ts';
import { AppError } from '../errors.ts';
import type { Logger } from './logger.ts';

const repeatMs = 60_000;

/** The kind of database failure, and its error code if the kind has several causes. */
interface Cause {
  readonly why: string;
  readonly code?: string;
}

/**
 * Logs failures. For a database failure, logs the first one with advice, and then once a minute how many followed. A
 * new cause is logged at once.
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

  /** Logs the failures that were not yet counted in a line. */
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
  const code = hasSeveralCauses(why) ? firstCodeIn(error) : undefined;
  return code === undefined ? { why } : { why, code };
}

/** Returns the first code of the operating system, driver or database in the error and its causes. */
function firstCodeIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (!(error instanceof AppError) && 'code' in error) return String(error.code);
  return firstCodeIn(error instanceof AggregateError ? error.errors[0] : error.cause);
}

function keyOf({ why, code = '' }: Cause): string {
  return `${why} ${code}`;
}
