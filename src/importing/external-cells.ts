import type { ExternalAccount } from '../accounts/account.ts';
import { checkExternalChanges, type ExternalAccountChanges } from '../accounts/external-account-fields.ts';
import { changedLink, isLinked, mistakesInLink } from '../accounts/external-link.ts';
import type { FieldComplaints } from '../errors/complaints.ts';
import { complaintsOf } from '../errors.ts';
import { withoutInvisibles } from '../lib/clean-text.ts';
import type { RowComplaint, RowFields } from './read-row.ts';

/** Returns the changes of the external account in a row, or undefined if the row has none. */
export function externalIn(fields: RowFields, stored: ExternalAccount | null): ExternalAccountChanges | undefined {
  const { external_password: password, external_registrar: registrar, external_domain: domain } = fields;
  const said = {
    username: asStored(fields.external_username, stored),
    domain,
    password,
    registrar,
  };
  const changes = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  return Object.keys(changes).length === 0 ? undefined : changes;
}

/**
 * Returns the stored user name if a cell differs from it only by invisible characters, which a table does not contain.
 */
function asStored(username: string | undefined, stored: ExternalAccount | null): string | undefined {
  return stored !== null && username === withoutInvisibles(stored.username) ? stored.username : username;
}

/** Returns the mistakes in the cells that do not depend on an account. */
export function mistakesInExternal(fields: RowFields): Promise<FieldComplaints> {
  return complaintsOf(() => checkExternalChanges(externalIn(fields, null) ?? {}));
}

/** Returns whether a row differs from the external account. */
export function changesExternal(fields: RowFields, stored: ExternalAccount | null): boolean {
  const changes = externalIn(fields, stored);
  return changes !== undefined && !isLinked(stored, changedLink(stored, changes));
}

/** Returns what the external account would lack after the changes in the row. */
export function mistakesBesideExternal(fields: RowFields, stored: ExternalAccount | null): RowComplaint[] {
  if (!changesExternal(fields, stored)) return [];
  const mistakes = mistakesInLink(changedLink(stored, externalIn(fields, stored) ?? {}));
  return Object.entries(mistakes).flatMap(([field, complaints]) =>
    complaints.map((complaint) => ({ column: `external_${field}` as RowComplaint['column'], complaint })),
  );
}
