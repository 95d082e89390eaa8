import type { DocumentContext } from '../documents/build-document.ts';
import type { AccountWatch } from '../events/account-watch.ts';
import type { EventLog } from '../events/event-log.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Database } from '../storage/database.ts';
import type { Deliveries } from './deliveries.ts';

/** The parts of the application that provisioning needs. */
export interface ProvisioningContext extends DocumentContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
  readonly deliveries: Deliveries;
  readonly events: EventLog;
  readonly accountWatch: AccountWatch;
  readonly bootId: string;
  /** Returns the time in epoch milliseconds, from a clock that is never set back. */
  steadyNow(): number;
  /** Returns whether the process that claimed a token is still running. */
  isProcessAlive(bootId: string): Promise<boolean>;
}
