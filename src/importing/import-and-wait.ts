import { isPasswordNeeded } from '../access/password-question.ts';
import { AppError } from '../errors.ts';
import type { Actor } from '../events/actor.ts';
import { within } from '../lib/within.ts';
import type { Space } from '../spaces/space.ts';
import type { Import } from './import.ts';
import type { ImportContext } from './import-context.ts';
import type { ImportRunner, OnWritten } from './import-runner.ts';
import { getImport } from './look-at-import.ts';
import type { NewImportFile } from './receive-import.ts';
import { type Revision, reviseImport } from './revise-import.ts';

interface WaitContext extends ImportContext {
  readonly imports: ImportRunner;
}

/**
 * Stores a file, imports it in the background, and waits for the end, but at most `patienceMs`. Returns the import as
 * it is then. Throws like `receiveImport`.
 */
export async function startAndWait(
  context: WaitContext,
  actor: Actor,
  { space, file }: { readonly space: Space; readonly file: NewImportFile },
  patienceMs: number,
): Promise<Import> {
  const { id, ended } = await context.imports.start(actor, space, file);
  if (patienceMs > 0) await within(AbortSignal.timeout(patienceMs), ended);
  return getImport(context, String(id));
}

/** What somebody corrected in an import. */
interface Correction {
  readonly found: Import;
  readonly revision: Revision;
  /** Asks the actor for the password again. Returns the actor that gave it, or why it was refused. */
  readonly confirm: () => Promise<Actor | AppError>;
}

/**
 * Changes an import like `reviseImport`, and waits like `startAndWait`. If writing needs the password again and it was
 * refused, stores and checks the revision, so that nothing that was typed is lost, writes no row, and throws why.
 */
export async function reviseAndWait(
  context: WaitContext,
  actor: Actor,
  correction: Correction,
  patienceMs: number,
): Promise<Import> {
  const { id } = correction.found;
  const refusal = await reviseConfirmed(context, actor, correction);
  await within(AbortSignal.timeout(patienceMs), context.imports.resume(id));
  if (refusal !== undefined) throw refusal;
  return getImport(context, String(id));
}

/** Stores the revision once: to be written, or if that needs a password that was refused, only to be checked. */
async function reviseConfirmed(
  context: ImportContext,
  actor: Actor,
  { found, revision, confirm }: Correction,
): Promise<AppError | undefined> {
  try {
    await reviseImport(context, actor, found, revision);
    return undefined;
  } catch (error) {
    // Asked before anything is stored.
    if (!(error instanceof AppError && isPasswordNeeded(error))) throw error;
  }
  const confirmed = await confirm();
  if (!(confirmed instanceof AppError)) {
    await reviseImport(context, confirmed, found, revision);
    return undefined;
  }
  await reviseImport(context, actor, found, { ...revision, writes: false });
  return confirmed;
}

/** An import whose work here has ended. */
interface EndedImport {
  readonly found: Import;
  /** How many rows its file has. If some of them were discarded, the import has fewer, or is discarded as a whole. */
  readonly rowsInFile: number;
  /** Whether it was stopped before its end. */
  readonly wasStopped: boolean;
}

/** Returns whether some rows of the file were discarded. */
export function hasDiscarded({ found, rowsInFile }: Pick<EndedImport, 'found' | 'rowsInFile'>): boolean {
  return found.state === 'discarded' || found.rows < rowsInFile;
}

/**
 * Stores a file and waits for the end of its import. When `stopped` resolves, ends the import for good after its
 * current batch. Returns the import as it is then.
 */
export async function importUntil(
  context: WaitContext,
  actor: Actor,
  { space, file, onWritten }: { readonly space: Space; readonly file: NewImportFile; readonly onWritten: OnWritten },
  stopped: Promise<void>,
): Promise<EndedImport> {
  const { id, ended } = await context.imports.start(actor, space, file, onWritten);
  const { rows: rowsInFile } = await getImport(context, String(id));
  const isStopped = await Promise.race([ended.then(() => false), stopped.then(() => true)]);
  if (isStopped) await context.imports.cancel(id);
  const found = await getImport(context, String(id));
  return { found, rowsInFile, wasStopped: isStopped && hasDiscarded({ found, rowsInFile }) };
}
