import type { Command } from 'commander';
import { addressOf } from '../../accounts/account.ts';
import { type Preview, previewDocument } from '../../documents/preview-document.ts';
import type { EntryChange } from '../../lpconfig/compare-documents.ts';
import type { Finding } from '../../lpconfig/lint-rules.ts';
import { writeDocument } from '../../lpconfig/write-document.ts';
import { previewJson } from '../../views/preview.ts';
import { accountAt } from '../account-at.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { print, wantsJson } from '../output/print.ts';

interface Options {
  readonly query: string;
  readonly token?: boolean;
  readonly diff?: boolean;
  readonly origins?: boolean;
}

export function registerPreview(program: Command, io: Io): void {
  const command = program
    .command('preview <user[@domain]>')
    .description(
      'Shows the document that a phone of this account would get, after hooks, with secrets masked. Uses no token up.',
    )
    .option('--query <query>', 'the query of the request, for hooks that read it', '')
    .option('--token', 'show the answer to the next token, not that of /provisioning/me')
    .option('--diff', 'show only what differs from the document that a phone of this account fetched last')
    .option('--origins', 'show where each entry comes from, instead of the XML')
    .action((address: string, options: Options, command: Command) =>
      withApp(
        command,
        io,
        async (app) => {
          const found = await accountAt(app, address);
          const preview = await previewDocument(app, found.space, found.account, {
            token: options.token ?? false,
            query: options.query.replace(/^\?/, ''),
          });
          const loud = preview.warnings.filter(({ severity }) => severity !== 'note');
          if (!wantsJson(command)) for (const each of loud) io.err(`${warningLine(each)}\n`);
          print(command, io, { account: addressOf(found), ...previewJson(preview) }, () => inWords(preview, options));
        },
        { documents: true },
      ),
    );
  withManual(command, {
    examples: [
      'ringup preview alice@sip.example.com',
      'ringup preview alice --diff',
      'ringup preview alice --query site=lyon --json',
    ],
    json:
      '`{account, sections, last_fetched_at, changes, warnings}`, each section `{name, entries}`, each entry ' +
      '`{name, value, overwrite, layer, file, line}`, each change `{section, name, before, after}`, each warning as in `ringup lint --json`',
  });
}

function warningLine({ section, message, rule }: Finding): string {
  return `Note: [${section}] ${message} (${rule}).`;
}

function inWords(preview: Preview, { diff = false, origins = false }: Options): string {
  if (diff) return differences(preview);
  return origins ? withOrigins(preview) : writeDocument(preview.document);
}

function differences({ lastFetchedAt, changes }: Preview): string {
  if (lastFetchedAt === null) return 'As far as is known, no phone of this account has fetched a document yet.\n';
  const when = new Date(lastFetchedAt).toISOString();
  if (changes.length === 0) return `Nothing has changed since ${when}, when a phone last fetched its document.\n`;
  return `Since ${when}, when a phone last fetched its document:\n${changes.map(changeLines).join('')}`;
}

/** A changed secret shows only that it changed: both values are masked. */
function changeLines({ section, entry, before, after }: EntryChange): string {
  const line = (sign: string, value: string | undefined) =>
    value === undefined ? '' : `${sign} ${section}/${entry} = ${value}\n`;
  return `${line('-', before?.value)}${line('+', after?.value)}`;
}

function withOrigins({ document }: Preview): string {
  let text = '';
  for (const [section, entries] of document) {
    text += `[${section}]\n`;
    for (const [name, { value, overwrite, origin }] of entries) {
      const place = origin?.line === undefined ? '' : `, ${origin.file ?? 'text'}:${origin.line}`;
      text += `${name}=${value}    # ${origin?.layer ?? 'unknown'}${place}${overwrite ? '' : ', seeded'}\n`;
    }
  }
  return text;
}
