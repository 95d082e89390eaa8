import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import { asDatabaseFailure } from './database-failure.ts';
import type { SqliteWriter, Turn } from './sqlite-driver.ts';
import type { StatementCache, Step } from './statement.ts';

interface Job {
  /** When the job stops waiting for the lock. */
  readonly deadline: number;
  readonly steps: readonly Step[];
  resolve(applied: boolean): void;
  reject(error: unknown): void;
}

/**
 * Shares one durable commit among all sets of steps that arrived during the previous commit, because an fsync for one
 * set costs as much as for sixty-four. Each set succeeds or fails by itself, and is answered only after the commit.
 */
export class GroupCommit {
  readonly #writer: SqliteWriter;
  readonly #statements: StatementCache;
  #waiting: Job[] = [];
  #running = false;

  constructor(writer: SqliteWriter, statements: StatementCache) {
    this.#writer = writer;
    this.#statements = statements;
  }

  submit(steps: readonly Step[]): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ deadline: this.#writer.deadlineNow(), steps, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      // Lets requests that are already in the socket buffers join this commit.
      await nextTurn();
      const jobs = this.#waiting;
      this.#waiting = [];
      await this.#commit(jobs);
    }
    this.#running = false;
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    let turn: Turn | undefined;
    let answers: (() => void)[];
    try {
      turn = await this.#writer.acquire(Math.min(...jobs.map(({ deadline }) => deadline)));
      answers = (await this.#applyTogether(turn, jobs)) ?? (await this.#applyApart(turn, jobs));
    } catch (error) {
      this.#refuse(jobs, error);
      return;
    } finally {
      turn?.release({ wrote: true });
    }
    for (const answer of answers) answer();
  }

  /** Rejects the jobs. If the lock is taken, jobs whose deadline has not passed go on waiting instead. */
  #refuse(jobs: readonly Job[], error: unknown): void {
    const isLocked = error instanceof AppError && error.factsOf('database-unavailable')?.why === 'locked';
    const patient = isLocked ? jobs.filter(({ deadline }) => this.#writer.leftUntil(deadline) > 0) : [];
    this.#waiting.unshift(...patient);
    for (const job of jobs) if (!patient.includes(job)) job.reject(error);
  }

  /**
   * Applies all jobs in one transaction without savepoints, because a savepoint costs as much as a change. If a job
   * fails halfway, changes nothing and returns undefined. Most failing jobs lose a race at their first step, so that
   * nothing has to be undone.
   */
  #applyTogether(turn: Turn, jobs: readonly Job[]): Promise<(() => void)[] | undefined> {
    return this.#inTransaction(turn, () => {
      const answers: (() => void)[] = [];
      for (const job of jobs) {
        const done = this.#stepsDone(job);
        if (done !== 0 && done !== job.steps.length) return undefined;
        answers.push(() => job.resolve(done === job.steps.length));
      }
      return answers;
    });
  }

  #stepsDone({ steps }: Job): number | undefined {
    try {
      const failed = steps.findIndex((each) => !this.#apply(each));
      return failed === -1 ? steps.length : failed;
    } catch {
      return undefined;
    }
  }

  /** Applies all jobs with a savepoint for each. */
  async #applyApart(turn: Turn, jobs: readonly Job[]): Promise<(() => void)[]> {
    return (await this.#inTransaction(turn, () => jobs.map((job) => this.#attempt(job)))) ?? [];
  }

  /** Commits the changes of `work`. Rolls them back if `work` throws or returns undefined. */
  async #inTransaction<T>(turn: Turn, work: () => T | undefined): Promise<T | undefined> {
    try {
      await this.#writer.whenUnlocked(turn, () => this.#execute('begin immediate'));
      const result = work();
      if (result !== undefined) this.#execute('commit');
      return result;
    } catch (error) {
      throw asDatabaseFailure(error, this.#writer.connection.name);
    } finally {
      // SQLite has already rolled back after some failures, such as a full disk.
      if (this.#writer.connection.inTransaction) this.#execute('rollback');
    }
  }

  /**
   * Applies one job inside the open transaction. Returns a function that reports the result to the job's caller after
   * the commit.
   */
  #attempt(job: Job): () => void {
    this.#execute('savepoint job');
    let answer: () => void;
    try {
      const applied = job.steps.every((each) => this.#apply(each));
      if (!applied) this.#execute('rollback to job');
      answer = () => job.resolve(applied);
    } catch (error) {
      if (!this.#writer.connection.inTransaction) throw error;
      this.#execute('rollback to job');
      answer = () => job.reject(asDatabaseFailure(error, this.#writer.connection.name));
    }
    this.#execute('release job');
    return answer;
  }

  #apply({ statement, values, changesOne }: Step): boolean {
    const { sql, bind } = this.#statements.get(statement);
    return this.#writer.prepare(sql).run(bind(values)).changes === 1 || !changesOne;
  }

  #execute(sql: string): void {
    this.#writer.prepare(sql).run();
  }
}
