import { errorCatalogue } from '../src/errors/catalogue.ts';
import { complaintCodes, exampleSentence } from '../src/errors/complaints.ts';
import { adviceAbout } from '../src/errors/database-sentences.ts';
import { storedError } from '../src/errors.ts';
import { statusOfKind } from '../src/http/error-reply.ts';
import { code, origin, table } from './markdown.ts';
import { sampleFacts } from './sample-facts.ts';

interface SampleFailure {
  readonly code: string;
  readonly name: string;
  readonly sentence: string;
}

/** Each failure of the codes that cover several, with its sentence about sample facts. */
export const sampleFailures: readonly SampleFailure[] = Object.entries(sampleFacts).flatMap(([of, failures]) =>
  Object.entries(failures).map(([name, facts]) => ({
    code: of,
    name,
    // Each code reads only one of the two.
    sentence: storedError({ code: of, facts: { ...facts, why: name, what: name } }).message,
  })),
);

const codesWithSeveral: ReadonlySet<string> = new Set(Object.keys(sampleFacts));

/** Returns the manual's page about error codes, what they cover, and complaints about fields. */
export function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(([name, { kind, meaning }]) => [
    codesWithSeveral.has(name) ? `[${code(name)}](#${name})` : code(name),
    kind === 'usage' ? '–' : String(statusOfKind[kind]),
    kind === 'usage' ? '2' : '1',
    meaning,
  ]);
  const complaints = complaintCodes.map((each) => [code(each), exampleSentence(each)]);
  return `# Errors

${origin}
The API answers an error as \`{"message": "…", "code": "…", "errors": {"field": ["…"]}}\`; \`errors\` is present only if fields are
wrong. An import whose rows are refused, or that was stopped, is answered with its own object. For refused rows, only the first
answer has \`code\` and \`message\`; after a stop, each answer has them until the rows are checked again or the import is discarded.
A request that is waiting when its import stops gets only the error. The provisioning addresses answer with the message as plain
text, and so do the addresses of the panel, except to browsers, which get a page. A command prints it on standard error and exits
with the status in the table. The codes are stable, the messages are not.

These failures do not work like this:

- Bytes that cannot be read as a request are answered as JSON at any address, with the code \`request-malformed\` and the status
  400, or 408 if the request did not arrive in time, or 431 if its address and headers are too long. The connection ends.
- \`check\`, \`lint\` and \`account import\` may do what they were asked, such as a dry run, and find mistakes. Their output lists
  these, with \`--json\` too; the last line on standard error counts them, and the exit status is 1. This is no failure of the
  command, so it has no code. The same goes for an import that Ctrl-C interrupts.
- A form of the panel is shown again if the person can correct it there, with 422, or with 409, 413 or 429. All other refusals lead
  to a page about the failure, with the status in the table. A test mail that the mail server refuses is shown with 422, and with
  the server's answer instead of a code.
- What stops Ringup before its program runs has no code: it says that there is no Node.js, that Node.js is too old or cannot be run,
  or that Ringup is not installed yet, and the exit status is 2. A command that cannot write its output, for example
  because the disk is full, has no code either: it says why, and the exit status is 1.
- A command that fails because of a fault in Ringup prints where it happened, without a code; the exit status is 1.

${table(['code', 'HTTP status', 'exit status', 'when'], rows)}
## Codes that cover several failures

The messages of these codes tell their failures apart. Names such as \`bob\` in them are examples; limits are the real ones. The
source knows each failure by a name, which answers do not contain.

${[...codesWithSeveral].map(sectionAbout).join('\n')}
## Complaints about fields

Each complaint in \`errors\` follows the name of its field, and may quote the invalid value first: \`username\` \`"Bob" must match
^[a-z]+$\`. A value that may be secret is never quoted. \`fields-invalid\` has these complaints. The source knows each by a code,
which answers do not contain.

${table(['complaint', 'for example'], complaints)}`;
}

function sectionAbout(name: string): string {
  const failures = sampleFailures.filter((each) => each.code === name);
  const rows = failures.map((each) => [code(each.name), each.sentence]);
  return `### ${code(name)}\n\n${name === 'database-unavailable' ? adviceTable(failures) : table(['failure', 'message'], rows)}`;
}

function adviceTable(failures: readonly SampleFailure[]): string {
  const rows = failures.map(({ name, sentence }) => [code(name), sentence, adviceAbout(name) ?? '–']);
  return `Only the log and commands give the advice, because it is for operators.

${table(['failure', 'message', 'advice'], rows)}`;
}
