import { CommanderError } from 'commander';
import { AppError } from '../errors.ts';

export const done = 0;
export const refused = 1;
const wrongUsage = 2;

/** What a command was asked to look at is not in order: the exit status says so, after its output has said what is wrong. */
export class BadNews extends Error {}

/** What standard error says of a failure, and the exit status. Only a bug is shown with its stack. */
export function explain(error: unknown): { message: string; status: number } {
  // Commander has already said what is wrong; its help "fails" with status 0.
  if (error instanceof CommanderError) return { message: '', status: error.exitCode === 0 ? done : wrongUsage };
  if (error instanceof AppError) {
    return { message: `${sentenceOf(error)}\n`, status: error.kind === 'usage' ? wrongUsage : refused };
  }
  if (error instanceof BadNews) return { message: `${error.message}\n`, status: refused };
  const trouble = troubleOutside(error);
  if (trouble !== undefined) return { message: `${trouble}\n`, status: refused };
  const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: `This is a fault of Ringup's own: ${bug}\n`, status: refused };
}

/** Which command helps on, by what was not found. */
const commandsFor: Readonly<Record<string, string>> = {
  account: '`ringup account list` shows those there are',
  space: '`ringup space list` shows those there are',
  'api-key': '`ringup api-key list` shows those there are',
  'external-account': '`ringup external set` links one',
};

/** All that is wrong with the fields on one line: `username "Bob" must match …; password is required.` */
function sentenceOf(error: AppError): string {
  const { message, fields } = error;
  const command = commandsFor[error.factsOf('not-found')?.what ?? ''];
  if (command !== undefined) return message.replace(/\.$/, `: ${command}.`);
  if (fields === undefined) return message;
  const mistakes = Object.entries(fields).flatMap(([name, messages]) =>
    messages.map((each) => `${name} ${each}`.trim()),
  );
  return `${mistakes.join('; ')}.`;
}

/** Failures of the system and of the database carry a code (`EACCES`, `SQLITE_FULL`, `28P01`); bugs do not. */
function troubleOutside(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return troubleOutside(error.errors[0]);
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (error.code.startsWith('ERR_')) return undefined;
  if ('syscall' in error && 'path' in error) return `${error.message}.`;
  return `The database cannot be used: ${error.message}. RINGUP_DATABASE_URL or RINGUP_DATA_DIR says where it is.`;
}
