import type { ServerAnswer } from '../network/ask-server.ts';
import type { Db } from '../storage/tables.ts';

/** The last answer of a SIP server. */
export interface RegistrarAnswer {
  readonly uri: string;
  readonly askedAt: number;
  /** Anything that is not a SIP response counts as no answer. */
  readonly answer: ServerAnswer;
}

/** Stores the answer, replacing the earlier one. */
export async function keepAnswer(db: Db, spaceId: number, { uri, askedAt, answer }: RegistrarAnswer): Promise<void> {
  const said = answer.kind === 'response' ? answer : { status: null, reason: null, server: null, certificate: null };
  const { status, reason, server, certificate } = said;
  const row = { uri, asked_at: askedAt, status, reason, server, certificate };
  await db
    .insertInto('registrar_answers')
    .values({ space_id: spaceId, ...row })
    .onConflict((of) => of.column('space_id').doUpdateSet(row))
    .execute();
}

export async function findAnswer(db: Db, spaceId: number): Promise<RegistrarAnswer | undefined> {
  const row = await db.selectFrom('registrar_answers').selectAll().where('space_id', '=', spaceId).executeTakeFirst();
  if (row === undefined) return undefined;
  const { uri, asked_at: askedAt, status, reason, server, certificate } = row;
  const answer: ServerAnswer =
    status === null ? { kind: 'no-answer' } : { kind: 'response', status, reason: reason ?? '', server, certificate };
  return { uri, askedAt, answer };
}
