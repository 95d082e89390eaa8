/** An account that the program itself made, with its unused token. */
export interface Model {
  readonly accountId: number;
  readonly tokenHash: string;
}

export interface Copy {
  readonly username: string;
  readonly tokenHash: string;
}

/** What the benchmark does with the rows of a version's database. */
export interface Rows {
  /** Copies an account with its token, which is much faster than making each by a command. */
  copyAccount(model: Model, copies: readonly Copy[]): Promise<void>;
  countClaimedTokens(): Promise<number>;
}

/**
 * The beginning of an `insert` that copies the row `source` with other values in some columns. Whatever columns a version
 * has besides, the copy has what the program wrote there.
 */
export function insertCopy(
  table: string,
  columns: readonly string[],
  others: Readonly<Record<string, string>>,
): string {
  const values = columns.map((column) => others[column] ?? `source.${column}`);
  return `insert into ${table} (${columns.join(', ')}) select ${values.join(', ')} from ${table} as source`;
}

export const claimedTokens = 'select count(*) as total from tokens where claimed_at is not null';

/** Throws where a version stores tokens in another way than the benchmark takes for granted. */
export function requireCopied(copied: number | null, wanted: number): void {
  if (copied !== wanted) throw new Error(`Of ${wanted} tokens ${copied} were copied: is the model stored by its hash?`);
}
