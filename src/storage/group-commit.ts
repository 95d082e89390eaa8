import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SqliteWriter } from './sqlite-driver.ts';
import type { StatementCache, Step } from './statement.ts';

interface Job {
  readonly steps: readonly Step[];
  resolve(applied: boolean): void;
  reject(error: unknown): void;
}

/**
 * Shares one durable commit among all sets of steps that arrived while the last commit was under way: an fsync costs as
 * much for sixty-four as for one. Each set has a savepoint of its own, and is answered only after the commit.
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
      this.#waiting.push({ steps, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      // Requests that are already in the socket buffers get their turn, and so join this commit.
      await nextTurn();
      const jobs = this.#waiting;
      this.#waiting = [];
      await this.#commit(jobs);
    }
    this.#running = false;
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    const release = await this.#writer.acquire();
    let answers: (() => void)[] | undefined;
    try {
      answers = (await this.#together(jobs)) ?? (await this.#apart(jobs));
    } catch (error) {
      for (const job of jobs) job.reject(error);
      return;
    } finally {
      release({ wrote: true });
    }
    for (const answer of answers) answer();
  }

  /**
   * All jobs in one transaction without savepoints, which cost as much as a change. Undefined, with nothing done, where one
   * has to be undone half-way. A job that loses its race, as most that fail, does so at its first step: nothing to undo.
   */
  #together(jobs: readonly Job[]): Promise<(() => void)[] | undefined> {
    return this.#inTransaction(() => {
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
      const failed = steps.findIndex((each) => !this.#changesOneRow(each));
      return failed === -1 ? steps.length : failed;
    } catch {
      return undefined;
    }
  }

  /** The same with a savepoint for each. */
  async #apart(jobs: readonly Job[]): Promise<(() => void)[]> {
    return (await this.#inTransaction(() => jobs.map((job) => this.#attempt(job)))) ?? [];
  }

  /** Commits what `work` did, or undoes it all where it throws or answers undefined. */
  async #inTransaction<T>(work: () => T | undefined): Promise<T | undefined> {
    try {
      await this.#writer.whenUnlocked(() => this.#execute('begin immediate'));
      const result = work();
      if (result !== undefined) this.#execute('commit');
      return result;
    } finally {
      // SQLite itself has rolled back after some failures (a full disk).
      if (this.#writer.connection.inTransaction) this.#execute('rollback');
    }
  }

  /** Applies one job inside the open transaction; the answer is what to tell its caller once that is committed. */
  #attempt(job: Job): () => void {
    this.#execute('savepoint job');
    let answer: () => void;
    try {
      const applied = job.steps.every((each) => this.#changesOneRow(each));
      if (!applied) this.#execute('rollback to job');
      answer = () => job.resolve(applied);
    } catch (error) {
      if (!this.#writer.connection.inTransaction) throw error;
      this.#execute('rollback to job');
      answer = () => job.reject(error);
    }
    this.#execute('release job');
    return answer;
  }

  #changesOneRow({ statement, values }: Step): boolean {
    const { sql, bind } = this.#statements.get(statement);
    return this.#writer.prepare(sql).run(bind(values)).changes === 1;
  }

  #execute(sql: string): void {
    this.#writer.prepare(sql).run();
  }
}
