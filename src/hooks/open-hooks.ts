import { effectiveHooks } from '../config/hooks-file.ts';
import type { Settings } from '../config/settings.ts';
import { listContacts } from '../contacts/contact-store.ts';
import type { DocumentHooks } from '../documents/document-hooks.ts';
import type { Logger } from '../lib/logger.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Database } from '../storage/database.ts';
import { type HookState, lastFailure } from './hook-state.ts';
import { loadHooks } from './load-hooks.ts';
import { documentHooks, type HookLimits } from './run-hooks.ts';

interface HooksContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
  readonly log: Logger;
  readonly limits: { readonly hooks?: HookLimits };
  now(): number;
  elapsed(): number;
}

interface OpenedHooks {
  readonly hooks: DocumentHooks | undefined;
  readonly hookState: HookState | undefined;
}

/** Loads the operator's hooks, if there are any, and remembers their latest failure. */
export async function openHooks(
  settings: Pick<Settings, 'hooks' | 'dataDir'>,
  { database, spaces, log, limits, now, elapsed }: HooksContext,
): Promise<OpenedHooks> {
  const file = effectiveHooks(settings);
  if (file === undefined) return { hooks: undefined, hookState: undefined };
  const loaded = await loadHooks(file);
  const hookState: HookState = { file, names: Object.keys(loaded), lastFailure: undefined };
  const hooks = documentHooks(loaded, {
    contactsOf: (account) => listContacts(database, account.id),
    domainOf: (spaceId) => spaces.findById(spaceId)?.domain,
    onFailure(failure) {
      hookState.lastFailure = lastFailure(failure, now());
      log.error(failure, 'a hook failed; the request was refused and nothing changed');
    },
    limits: limits.hooks,
    elapsed,
  });
  return { hooks, hookState };
}
