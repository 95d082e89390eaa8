import type { Command } from 'commander';
import type { App } from '../../app.ts';
import type { Document, Entry } from '../../lpconfig/document.ts';
import { writeDocument } from '../../lpconfig/write-document.ts';
import { accountDocumentEntries } from '../../provisioning/build-document.ts';
import { accountAt, addressOf, type FoundAccount } from '../accounts.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { print } from '../print.ts';

const secretEntries = ['ha1', 'passwd'];
const mask = '********';

export function registerPreview(program: Command, io: Io): void {
  const command = program
    .command('preview <user[@domain]>')
    .description(
      'The document that a phone of this account would get, hooks included, its secrets masked. Uses nothing up.',
    )
    .option('--query <query>', 'the query that the phone is asked to send, for hooks that look at it', '')
    .action((address: string, options: { query: string }, command: Command) =>
      withApp(
        command,
        io,
        async (app) => {
          const found = await accountAt(app, address);
          const document = masked(await documentOf(app, found, options.query.replace(/^\?/, '')));
          print(command, io, jsonOf(found, document), () => writeDocument(document));
        },
        { documents: true },
      ),
    );
  withManual(command, {
    examples: ['ringup preview alice@sip.example.com', 'ringup preview alice --query site=lyon --json'],
    json: '`{account, sections}`, each section `{name, entries}`, each entry `{name, value, overwrite, layer, line}`',
  });
}

/** As a token would be answered now: with the account activated. */
function documentOf(app: App, { account, space }: FoundAccount, query: string): Promise<Document> {
  const activated = { ...account, activatedAt: account.activatedAt ?? app.now() };
  return accountDocumentEntries(app, space, activated, {
    method: 'GET',
    url: `/provisioning/preview${query === '' ? '' : `?${query}`}`,
    query: new URLSearchParams(query),
    headers: { 'user-agent': 'ringup preview' },
    address: '127.0.0.1',
  });
}

function masked(document: Document): Document {
  const maskEntry = (name: string, entry: Entry): Entry =>
    secretEntries.includes(name) && entry.value !== '' ? { ...entry, value: mask } : entry;
  return new Map(
    [...document].map(([section, entries]) => [
      section,
      new Map([...entries].map(([name, entry]) => [name, maskEntry(name, entry)])),
    ]),
  );
}

/** Lists, because the order counts, and with the layer that each entry came from. */
function jsonOf(found: FoundAccount, document: Document) {
  const sections = [...document].map(([name, entries]) => ({
    name,
    entries: [...entries].map(([name, { value, overwrite, origin }]) => ({
      name,
      value,
      overwrite,
      layer: origin?.layer ?? null,
      line: origin?.line ?? null,
    })),
  }));
  return { account: addressOf(found), sections };
}
