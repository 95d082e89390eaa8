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

/** Changes an import like `reviseImport`, and waits like `startAndWait`. */
export async function reviseAndWait(
  context: WaitContext,
  actor: Actor,
  { found, revision }: { readonly found: Import; readonly revision: Revision },
  patienceMs: number,
): Promise<Import> {
  await reviseImport(context, actor, found, revision);
  await within(AbortSignal.timeout(patienceMs), context.imports.resume(found.id));
  return getImport(context, String(found.id));
}

/**
 * Stores a file and waits for the end of its import. When `stopped` resolves, ends the import for good after its
 * current batch. Returns the import as it is then, and whether it was stopped before its end.
 */
export async function importUntil(
  context: WaitContext,
  actor: Actor,
  { space, file, onWritten }: { readonly space: Space; readonly file: NewImportFile; readonly onWritten: OnWritten },
  stopped: Promise<void>,
): Promise<{ readonly found: Import; readonly wasStopped: boolean }> {
  const { id, ended } = await context.imports.start(actor, space, file, onWritten);
  const isStopped = await Promise.race([ended.then(() => false), stopped.then(() => true)]);
  if (isStopped) await context.imports.cancel(id);
  const found = await getImport(context, String(id));
  return { found, wasStopped: isStopped && found.state === 'discarded' };
}
