/** An account that Ringup itself created, with its unused token; the copies are made from it. */
export interface Model {
  readonly accountId: number;
  readonly tokenHash: string;
}

export interface Copy {
  readonly username: string;
  readonly tokenHash: string;
}

/** Reads and copies rows in the database of one version. */
export interface Rows {
  /** Copies an account with its token. This is much faster than creating each account with a command. */
  copyAccount(model: Model, copies: readonly Copy[]): Promise<void>;
  countClaimedTokens(): Promise<number>;
}

/**
 * Returns the beginning of an `insert` that copies the row `source`, with the values of `others` instead of its own.
 * All other columns keep what Ringup wrote, whatever columns a version has.
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

/** Throws unless as many tokens were copied as wanted: this version may store tokens in another way. */
export function requireCopied(copied: number | null, wanted: number): void {
  if (copied !== wanted) throw new Error(`Of ${wanted} tokens ${copied} were copied: is the model stored by its hash?`);
}
