import { setTimeout as delay } from 'node:timers/promises';
import type { Actor } from '../events/actor.ts';
import type { Space } from '../spaces/space.ts';
import type { Import } from './import.ts';
import type { ImportContext } from './import-context.ts';
import type { ImportRunner } from './import-runner.ts';
import { getImport } from './look-at-import.ts';
import type { NewImportFile } from './receive-import.ts';
import { type Revision, reviseImport } from './revise-import.ts';

interface WaitContext extends ImportContext {
  readonly imports: ImportRunner;
}

/**
 * Stores a file, goes on with it in the background, and waits for its end, but no longer than this. Returns the import as
 * it is then. Throws what `receiveImport` throws.
 */
export async function startAndWait(
  context: WaitContext,
  actor: Actor,
  { space, file }: { readonly space: Space; readonly file: NewImportFile },
  patienceMs: number,
): Promise<Import> {
  const { id, ended } = await context.imports.start(actor, space, file);
  await within(ended, patienceMs);
  return getImport(context, () => true, String(id));
}

/** Changes an import as `reviseImport` does, and waits in the same way for its end. */
export async function reviseAndWait(
  context: WaitContext,
  actor: Actor,
  { found, revision }: { readonly found: Import; readonly revision: Revision },
  patienceMs: number,
): Promise<Import> {
  await reviseImport(context, actor, found, revision);
  await within(context.imports.resume(found.id), patienceMs);
  return getImport(context, () => true, String(found.id));
}

/** Somebody else is told of what fails later. */
async function within(ended: Promise<void>, patienceMs: number): Promise<void> {
  const patience = new AbortController();
  try {
    await Promise.race([ended, delay(patienceMs, undefined, { ref: false, signal: patience.signal })]);
  } finally {
    patience.abort();
  }
}
