import { randomUUID } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import type { Space } from '../spaces/space.ts';
import { inTransaction } from '../storage/database.ts';
import { failureOf, type Import, isOfOtherSecret, isWorthRepeating } from './import.ts';
import { type ImportContext, leaseMs } from './import-context.ts';
import { claimImport, findIdleImports, noLease, updateOwnImport } from './import-lease-store.ts';
import { deleteRows } from './import-row-store.ts';
import { findImport, isReceived } from './import-store.ts';
import { deleteDiscarded, keepWritten } from './keep-written.ts';
import type { NewImportFile } from './receive-import.ts';
import type { WriteWatch } from './write-import.ts';

/** Is called for work that failed, with whether it is repeated. If not, the import has stopped. */
export type OnError = (error: unknown, id: number, isRepeated: boolean) => void;
export type OnWritten = NonNullable<WriteWatch['onWritten']>;

/**
 * Checks and writes imports in this process, including those that other processes left unfinished. The code that reads
 * tables is loaded with the first import.
 */
export class ImportRunner {
  readonly #context: ImportContext;
  readonly #onError: OnError;
  readonly #worker = randomUUID();
  readonly #running = new Map<number, Promise<void>>();
  readonly #cancelled = new Set<number>();
  /** Imports whose rows were stored with another secret. They wait for a process that has it. */
  readonly #unreadable = new Set<number>();
  #isClosing = false;

  constructor(context: ImportContext, onError: OnError) {
    this.#context = context;
    this.#onError = onError;
  }

  /**
   * Stores a file and imports it in the background. Returns the id of the import, and a promise for the end of its
   * work.
   */
  async start(
    actor: Actor,
    space: Space,
    file: NewImportFile,
    onWritten?: OnWritten,
  ): Promise<{ readonly id: number; readonly ended: Promise<void> }> {
    const { receiveImport } = await import('./receive-import.ts');
    const id = await receiveImport(this.#context, actor, space, { ...file, worker: this.#worker });
    return { id, ended: this.#begin(id, onWritten) };
  }

  /** Continues an import that no worker has. Resolves when its work has ended. */
  async resume(id: number, onWritten?: OnWritten): Promise<void> {
    if (await this.#claim(id)) await this.#begin(id, onWritten);
  }

  /** Continues the imports of processes that have ended. If one of them fails, the others continue nevertheless. */
  async resumeAll(): Promise<void> {
    if (this.#isClosing) return;
    const ids = await findIdleImports(this.#context.database, this.#context.now());
    for (const id of ids) {
      if (this.#running.has(id) || this.#unreadable.has(id) || !(await this.#claim(id))) continue;
      // `onError` is called with what fails.
      await this.#begin(id, undefined).catch(() => undefined);
    }
  }

  #claim(id: number): Promise<boolean> {
    const { database, now } = this.#context;
    return claimImport(database, id, now(), { worker: this.#worker, until: now() + leaseMs });
  }

  /** Ends an import of this process for good after the rows that it is checking or writing, like `discardImport`. */
  async cancel(id: number): Promise<void> {
    this.#cancelled.add(id);
    await this.#running.get(id);
  }

  /** Ends all work after the rows that it is checking or writing. Other processes or the next start continue it. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#running.values());
  }

  #begin(id: number, onWritten: OnWritten | undefined): Promise<void> {
    const work = this.#work(id, onWritten).catch((error: unknown) => this.#leave(id, error));
    const ended = work.finally(() => {
      this.#running.delete(id);
      this.#cancelled.delete(id);
    });
    this.#running.set(
      id,
      ended.catch((error: unknown) => this.#onError(error, id, isWorthRepeating(error))),
    );
    return ended;
  }

  async #work(id: number, onWritten: OnWritten | undefined): Promise<void> {
    const { database } = this.#context;
    let found = await this.#get(id);
    if (!(await isReceived(database, id))) {
      // The stored rows are incomplete, and the rest of the file is lost.
      await deleteRows(database, id);
      return this.#discard(id);
    }
    const isStopping = () => this.#isClosing || this.#cancelled.has(id);
    if (found.state === 'checking') {
      const { checkImport } = await import('./check-import.ts');
      if (!(await checkImport(this.#context, found, this.#worker, isStopping))) return this.#stop(id);
      found = await this.#get(id);
    }
    if (found.state !== 'running') return;
    const watch = { isStopping, ...(onWritten === undefined ? {} : { onWritten }) };
    const { writeImport } = await import('./write-import.ts');
    const running = { ...found, writingSince: this.#context.now() };
    if (!(await writeImport(this.#context, running, this.#worker, watch))) await this.#stop(id);
  }

  /** Ends an import that was cancelled, and leaves any other to the next worker. */
  async #stop(id: number): Promise<void> {
    if (this.#cancelled.has(id)) await this.#discard(id);
    else await updateOwnImport(this.#context.database, id, this.#worker, noLease);
  }

  /**
   * Work that failed is repeated once its lease has expired. If the rows have another secret, gives up the lease at
   * once, so that a process with the right secret need not wait. If it would fail again, the import stops, so that
   * people can correct or discard it.
   */
  async #leave(id: number, error: unknown): Promise<never> {
    const { database, now } = this.#context;
    if (isOfOtherSecret(error)) {
      this.#unreadable.add(id);
      await updateOwnImport(database, id, this.#worker, noLease);
    } else if (!isWorthRepeating(error)) {
      const failure = JSON.stringify(failureOf(error));
      const stopped = { state: 'refused', failure, ended_at: now(), ...noLease } as const;
      await updateOwnImport(database, id, this.#worker, stopped);
    }
    throw error;
  }

  async #discard(id: number): Promise<void> {
    const { database, now } = this.#context;
    const ended = { state: 'discarded', ...noLease, ended_at: now() } as const;
    const isKept = await inTransaction(
      database,
      async (tx) => (await updateOwnImport(tx, id, this.#worker, ended)) && keepWritten(tx, id, null),
    );
    if (isKept) await deleteDiscarded(this.#context, id);
  }

  async #get(id: number): Promise<Import> {
    const found = await findImport(this.#context.database, id);
    if (found === undefined) throw new AppError('not-found', { what: 'import-job', name: String(id) });
    return found;
  }
}
