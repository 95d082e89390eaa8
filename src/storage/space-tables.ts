import type { Generated } from 'kysely';
import type { ActorColumns, Flag, Instant } from './columns.ts';

/**
 * The columns that queries name. Each of `spaceSettings` (`spaces/space-settings.ts`) also has a column of its name.
 */
export interface SpaceTable {
  id: Generated<number>;
  domain: string;
  super: Flag;
  created_at: Instant;
  updated_at: Instant;
}

/** Linphonerc texts that a space has or had. No actor: an earlier version of Ringup did not write down who published it. */
interface LinphonercVersionTable extends ActorColumns {
  id: Generated<number>;
  space_id: number;
  /** Counted from 1 in each space. */
  number: number;
  text: string;
  /** Epoch milliseconds. */
  at: number;
}

/** What the SIP server of a space said when it was asked last. */
interface RegistrarAnswerTable {
  space_id: number;
  uri: string;
  asked_at: Instant;
  /** null: there was no answer. */
  status: number | null;
  reason: string | null;
  server: string | null;
  /** What is wrong with its certificate. */
  certificate: string | null;
}

/** How many phones of a space were set up in half an hour, and how many answers got lost. */
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
