import type { Generated } from 'kysely';
import type { ActorColumns, Instant } from './columns.ts';

/** Tables of accounts that were handed in, each written into one space. */
export interface ImportTable extends ActorColumns {
  id: Generated<number>;
  space_id: number;
  /** The name of the file. */
  name: string;
  state: string;
  /** JSON object. */
  options: string;
  /** JSON object: how the file is written. */
  format: string;
  /** JSON array: the first line of the file. */
  header: string;
  /** JSON array: names of columns that are not used. */
  ignored: string;
  rows: Generated<number>;
  to_create: Generated<number>;
  to_update: Generated<number>;
  unchanged: Generated<number>;
  skipped: Generated<number>;
  refused: Generated<number>;
  /** How many of its rows have been written, or found to need no writing. */
  written: Generated<number>;
  /** 1 once all rows are stored. */
  received: Generated<number>;
  /** Who works on it, and until when nobody else may. */
  worker: Generated<string | null>;
  lease_until: Generated<Instant | null>;
  created_at: Instant;
  ended_at: Generated<Instant | null>;
  /** When its rows were erased. */
  erased_at: Generated<Instant | null>;
}

export interface ImportRowTable {
  import_id: number;
  position: number;
  line: number;
  /** JSON array of texts as in the file, sealed; empty once the row is written. */
  cells: string;
  /** JSON object of checked fields, sealed. */
  fields: string | null;
  decision: string | null;
  /** JSON array. */
  problems: string;
  /** JSON array: names of fields that an update changes. */
  changes: string;
  account_id: number | null;
  written_at: Instant | null;
}

export interface ImportTables {
  imports: ImportTable;
  import_rows: ImportRowTable;
}
