import type { Generated } from 'kysely';
import type { ActorColumns, Instant } from './columns.ts';

/** Submitted tables of accounts. Each belongs to one space. */
export interface ImportTable extends ActorColumns {
  id: Generated<number>;
  space_id: number;
  /** The name of the file. */
  name: string;
  state: string;
  /** JSON object. */
  options: string;
  /** JSON object: the format of the file. */
  format: string;
  /** JSON array: the first line of the file. */
  header: string;
  /** JSON array: the names of unused columns. */
  ignored: string;
  rows: Generated<number>;
  to_create: Generated<number>;
  to_update: Generated<number>;
  unchanged: Generated<number>;
  skipped: Generated<number>;
  refused: Generated<number>;
  /** How many of its rows have been written, or did not need to be. */
  written: Generated<number>;
  /** 1 once all rows are stored. */
  received: Generated<number>;
  /** The worker that has the import; `lease_until` is when another may take it over. */
  worker: Generated<string | null>;
  lease_until: Generated<Instant | null>;
  /** JSON object: code and facts of the failure that stopped the import. */
  failure: Generated<string | null>;
  created_at: Instant;
  /** Null while the import goes on, and until its discarded rows are deleted. */
  ended_at: Generated<Instant | null>;
  /** When the rows of the import were deleted. */
  erased_at: Generated<Instant | null>;
}

export interface ImportRowTable {
  import_id: number;
  position: number;
  line: number;
  /** JSON array of the texts in the file, encrypted; empty once the row is written. */
  cells: string;
  /** JSON object of checked fields, encrypted. */
  fields: string | null;
  decision: string | null;
  /** JSON array of complaints. */
  problems: string;
  /** JSON array: the names of fields that an update changes. */
  changes: string;
  account_id: number | null;
  written_at: Instant | null;
}

export interface ImportTables {
  imports: ImportTable;
  import_rows: ImportRowTable;
}
