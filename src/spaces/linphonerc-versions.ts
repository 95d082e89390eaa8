import { AppError } from '../errors.ts';
import { parseId } from '../lib/parse-id.ts';
import type { Db } from '../storage/tables.ts';
import { findVersionRow, type LinphonercVersion, listVersionRows } from './linphonerc-version-store.ts';
import type { Space } from './space.ts';
import type { SpaceDirectory } from './space-directory.ts';

export type { LinphonercVersion } from './linphonerc-version-store.ts';

type Context = { readonly database: Db };

/** Lists the current and earlier linphonerc texts of a space, the newest first. */
export function linphonercVersions({ database }: Context, { id }: Space): Promise<LinphonercVersion[]> {
  return listVersionRows(database, id);
}

/**
 * Returns the space and its newest version. The text of the space may be newer than the version, but never older: a
 * person who compares with it and then publishes over the version undoes nothing unseen.
 */
export async function reviewedSpace(
  { database, spaces }: Context & { readonly spaces: SpaceDirectory },
  { id }: Space,
): Promise<{ readonly space: Space; readonly newest: LinphonercVersion | undefined }> {
  const [newest] = await listVersionRows(database, id);
  await spaces.refresh();
  return { space: spaces.getById(id), newest };
}

/** Returns the version with this number and its text. Throws `not-found` if there is none. */
export async function getLinphonercVersion(
  { database }: Context,
  { id }: Space,
  number: string,
): Promise<LinphonercVersion & { readonly text: string }> {
  const parsed = parseId(number);
  const found = parsed === undefined ? undefined : await findVersionRow(database, id, parsed);
  if (found === undefined) throw new AppError('not-found', { what: 'version', name: number });
  return found;
}
