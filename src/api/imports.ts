import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { actorOf } from '../access/caller.ts';
import { managedSpace } from '../access/managed-account.ts';
import type { App } from '../app.ts';
import { endpoint } from '../http/route.ts';
import { sendJson, sent } from '../http/sent.ts';
import { defaultDuplicateMode, duplicateModes, type Import, importRowsRefused } from '../importing/import.ts';
import { startAndWait } from '../importing/import-and-wait.ts';
import { managedImport, problemsOf } from '../importing/look-at-import.ts';
import { maxImportBytes } from '../importing/receive-import.ts';
import { resultLines } from '../importing/result-lines.ts';
import { importAnswer, importJson } from '../views/import.ts';

/** How long a request waits for the end of an import. Shorter than 30 s, after which many proxies give up. */
const patienceSeconds = '25';

const flag = (description: string) => Type.Optional(Type.Enum(['true', 'false'], { description }));

export const importAccounts = endpoint({
  summary: 'Create and change accounts from a table (CSV)',
  description:
    'The first line names the columns. Answers once all rows are written, or after 25 seconds with 202 and `Location`. If a row is refused, nothing is written, unless `partial=true`, and the answer is 422 with the same object, `code` and `message`.',
  maxBodyBytes: maxImportBytes,
  takes: ['text/csv'],
  otherStatus: 202,
  query: Type.Object({
    space: Type.Optional(Type.String({ maxLength: 253, description: "By default, the caller's own." })),
    dry_run: flag('Check only.'),
    on_duplicate: Type.Optional(
      Type.Enum([...duplicateModes], { description: 'What happens to existing accounts; by default `refuse`.' }),
    ),
    partial: flag('Write good rows although others are refused.'),
    allow_admin: flag('Rows may make and unmake administrators.'),
    invite: flag('Mail new accounts their codes.'),
    wait: Type.Optional(
      Type.String({
        pattern: '^(1?[0-9]|2[0-5])$',
        description: 'How many seconds to wait for the end at most; by default 25.',
      }),
    ),
    name: Type.Optional(Type.String({ maxLength: 200, description: 'A name for the file.' })),
  }),
  answer: importAnswer,
  async handle({ app, caller, query, body, reply }) {
    const space = managedSpace(app, caller, query.space);
    const options = {
      dryRun: query.dry_run === 'true',
      onDuplicate: query.on_duplicate ?? defaultDuplicateMode,
      partial: query.partial === 'true',
      allowAdmin: query.allow_admin === 'true',
      invite: query.invite === 'true',
    };
    const content = Buffer.isBuffer(body) ? body : new Uint8Array();
    const file = { content, name: query.name ?? '', options };
    const patienceMs = Number(query.wait ?? patienceSeconds) * 1_000;
    const found = await startAndWait(app, actorOf(caller), { space, file }, patienceMs);
    if (found.state === 'checking' || found.state === 'running') {
      return sendJson(
        reply.code(202).header('location', `${app.pathPrefix}/api/imports/${found.id}`),
        await shown(app, found),
      );
    }
    return found.state === 'refused' ? sendJson(reply.code(422), await refused(app, found)) : shown(app, found);
  },
});

async function refused(app: App, found: Import) {
  const { code, message } = importRowsRefused(found);
  return { code, message, ...(await shown(app, found)) };
}

async function shown(app: App, found: Import) {
  return importJson(found, await problemsOf(app, found));
}

export const showImport = endpoint({
  params: ['id'],
  summary: 'Get an import',
  answer: importAnswer,
  handle: async ({ app, caller, params }) => shown(app, await managedImport(app, caller, params.id)),
});

export const showResult = endpoint({
  params: ['id'],
  summary: 'Get what became of the rows of an import, as a table (CSV)',
  description:
    'With the addresses of the codes of new accounts, as long as they are valid. Rows are erased after a day.',
  produces: ['text/csv'],
  async handle({ app, caller, params, reply }) {
    const found = await managedImport(app, caller, params.id);
    reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="import-${found.id}.csv"`)
      .header('x-content-type-options', 'nosniff')
      .send(Readable.from(resultLines(app, found)));
    return sent;
  },
});
