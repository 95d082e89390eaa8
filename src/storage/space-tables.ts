import type { Generated } from 'kysely';
import type { ActorColumns, Flag, Instant } from './columns.ts';

/**
 * The columns that queries use directly. Each setting in `spaceSettings` (`spaces/space-settings.ts`) also has a column
 * with its name.
 */
export interface SpaceTable {
  id: Generated<number>;
  domain: string;
  super: Flag;
  created_at: Instant;
  updated_at: Instant;
}

/** The current and earlier linphonerc texts of spaces. Texts from an earlier version of Ringup have no actor. */
interface LinphonercVersionTable extends ActorColumns {
  id: Generated<number>;
  space_id: number;
  /** Counted from 1 in each space. */
  number: number;
  text: string;
  /** Epoch milliseconds. */
  at: number;
}

/** The last answer of each space's SIP server. */
interface RegistrarAnswerTable {
  space_id: number;
  uri: string;
  asked_at: Instant;
  /** null if there was no answer. */
  status: number | null;
  reason: string | null;
  server: string | null;
  /** What is wrong with the server's certificate; null if nothing is. */
  certificate: string | null;
}

/** How many phones of a space were set up within half an hour, and how many answers were lost. */
interface ProvisioningCountTable {
  space_id: number;
  /** When the half hour begins. */
  slot: Instant;
  delivered: number;
  lost: number;
}

export interface SpaceTables {
  spaces: SpaceTable;
  registrar_answers: RegistrarAnswerTable;
  linphonerc_versions: LinphonercVersionTable;
  provisioning_counts: ProvisioningCountTable;
}
