import { signInFields } from '../access/password-question.ts';
import type { Account } from '../accounts/account.ts';
import { passwordComplaint } from '../accounts/password-rule.ts';
import { credentialMistakes } from '../administration/update-account.ts';
import type { Actor } from '../events/actor.ts';
import type { Space } from '../spaces/space.ts';
import { changedColumns, changesOf } from './compare-account.ts';
import { mistakesBesideExternal } from './external-cells.ts';
import type { CheckedFields, ImportOptions } from './import.ts';
import type { PresentAccounts } from './present-accounts.ts';
import type { RowComplaint } from './read-row.ts';

/** The rules for the changes that a row may make. */
export interface RowRules {
  readonly space: Space;
  /** Who submitted the rows. */
  readonly actor: Actor;
  readonly options: Pick<ImportOptions, 'onDuplicate' | 'allowAdmin'>;
}

/**
 * Returns the changed columns that affect how an account signs in. Deactivating is not one, because it only ends that.
 */
function signInColumns(changes: readonly string[], { activated }: CheckedFields) {
  const columns = activated === true ? ([...signInFields, 'activated'] as const) : signInFields;
  return columns.filter((column) => changes.includes(column));
}

/** Returns the mistakes in a row that depend on existing accounts. */
export function mistakesBeside(
  fields: CheckedFields,
  account: Account | undefined,
  { options, space, actor }: RowRules,
  present: PresentAccounts,
): RowComplaint[] {
  const changes = account === undefined ? [] : changedColumns(fields, account, space);
  const mistakes: RowComplaint[] = [];
  for (const [column, owner] of [
    ['email', present.withEmail(fields.email)],
    ['phone', present.withPhone(fields.phone)],
  ] as const) {
    if (owner === undefined || owner.id === account?.id) continue;
    const complaint = { code: 'taken-by', username: owner.username, value: fields[column] ?? '' } as const;
    mistakes.push({ column, complaint });
  }
  const isAdmin = account?.admin ?? false;
  if (!options.allowAdmin && fields.admin !== undefined && fields.admin !== isAdmin) {
    mistakes.push({ column: 'admin', complaint: { code: 'change-of-administrator' } });
  }
  if (!options.allowAdmin && isAdmin) {
    const signsIn = signInColumns(changes, fields);
    for (const column of signsIn) mistakes.push({ column, complaint: { code: 'sign-in-of-administrator' } });
  }
  const isNewPassword = account === undefined || changes.includes('password');
  if (fields.password !== undefined && isNewPassword) {
    const complaint = passwordComplaint(fields.password, { space, admin: fields.admin ?? isAdmin, actor });
    if (complaint !== undefined) mistakes.push({ column: 'password', complaint });
  }
  if (account !== undefined) {
    const { algorithm = [] } = credentialMistakes(changesOf(fields, account, space), account);
    for (const complaint of algorithm) mistakes.push({ column: 'algorithm', complaint });
  }
  return [...mistakes, ...mistakesBesideExternal(fields, account?.external ?? null)];
}
