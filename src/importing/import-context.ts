import type { By } from '../events/actor.ts';
import type { Seal } from '../lib/seal-text.ts';
import type { InviteContext } from '../mail/invite.ts';
import type { Transaction } from '../storage/tables.ts';

/** What imports need of the app. */
export interface ImportContext extends InviteContext {
  /** For rows, which contain passwords. */
  readonly rowSeal: Seal;
}

/** A transaction in which rows are written. */
export interface Writing {
  readonly context: ImportContext;
  readonly tx: Transaction;
  readonly by: By;
}

/** How long nobody else goes on with an import after its worker was last heard of. */
export const leaseMs = 20_000;

/** How many rows are read, checked and written at once. */
export const batchRows = 100;
