import type { By } from '../events/actor.ts';
import type { Seal } from '../lib/seal-text.ts';
import type { InviteContext } from '../mail/invite.ts';
import type { Transaction } from '../storage/tables.ts';

/** The parts of the app that imports need. */
export interface ImportContext extends InviteContext {
  /** Encrypts rows, which contain passwords. */
  readonly rowSeal: Seal;
}

/** The transaction in which rows are written. */
export interface Writing {
  readonly context: ImportContext;
  readonly tx: Transaction;
  readonly by: By;
}

/** For this long after the last sign of its worker, no other worker takes over an import. */
export const leaseMs = 20_000;

/** How many rows are read, checked and written in one batch. */
export const batchRows = 100;
