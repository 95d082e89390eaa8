import type { Command } from 'commander';
import { addressOf } from '../../accounts/account.ts';
import type { App } from '../../app.ts';
import { type Preview, previewDocument } from '../../documents/preview-document.ts';
import type { EntryChange } from '../../lpconfig/compare-documents.ts';
import type { Finding } from '../../lpconfig/lint-rules.ts';
import { writeDocument } from '../../lpconfig/write-document.ts';
import { previewJson } from '../../views/preview.ts';
import { accountAt } from '../account-at.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { localTime } from '../output/local-time.ts';
import { jsonText, printUnwrapped, say, wantsJson } from '../output/print.ts';

export interface PreviewOptions {
  readonly query?: string;
  readonly token?: boolean;
  readonly diff?: boolean;
  readonly origins?: boolean;
}

export function preview(command: Command, io: Io, address: string, options: PreviewOptions): Promise<void> {
  return withApp(command, io, (app) => show(command, io, app, { ...options, address }), { documents: true });
}

async function show(
  command: Command,
  io: Io,
  app: App,
  { address, ...options }: PreviewOptions & { readonly address: string },
): Promise<void> {
  const found = await accountAt(app, address);
  const preview = await previewDocument(app, found.space, found.account, {
    token: options.token ?? false,
    query: (options.query ?? '').replace(/^\?/, ''),
  });
  const loud = preview.warnings.filter(({ severity }) => severity !== 'note');
  if (!wantsJson(command)) for (const each of loud) io.err(`${warningLine(each)}\n`);
  if (wantsJson(command)) {
    io.out(`${jsonText({ account: addressOf(found), ...previewJson(preview) })}\n`);
  } else if (options.diff) say(command, io, differences(preview));
  else printUnwrapped(io, options.origins ? withOrigins(preview) : writeDocument(preview.document));
}

function warningLine({ section, message, rule }: Finding): string {
  return `Note: [${section}] ${message} (${rule}).`;
}

function differences({ lastFetchedAt, changes }: Preview): string {
  if (lastFetchedAt === null) return 'As far as is known, no phone of this account has fetched a document yet.\n';
  const when = localTime(lastFetchedAt);
  if (changes.length === 0) return `Nothing has changed since ${when}, when a phone last fetched its document.\n`;
  return `Since ${when}, when a phone last fetched its document:\n${changes.map(changeLines).join('')}`;
}

/** Returns one change as lines. A changed secret shows only that it changed, because both values are masked. */
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
