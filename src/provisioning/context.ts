import type { DocumentContext } from '../documents/context.ts';
import type { EventLog } from '../events/event-log.ts';
import type { SpaceDirectory } from '../spaces/space-directory.ts';
import type { Database } from '../storage/database.ts';
import type { Deliveries } from './deliveries.ts';

/** What provisioning needs of its surroundings. */
export interface ProvisioningContext extends DocumentContext {
  readonly database: Database;
  readonly spaces: SpaceDirectory;
  readonly deliveries: Deliveries;
  readonly events: EventLog;
  readonly bootId: string;
  /** Whether the process that claimed a token still runs. */
  isProcessAlive(bootId: string): Promise<boolean>;
}
