import { type Command, Option } from 'commander';
import { exportCredentials, type SipCredential } from '../../accounts/export-credentials.ts';
import type { App } from '../../app.ts';
import { type Algorithm, algorithms } from '../../sip/ha1.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { withApp } from '../open-app.ts';
import { jsonArray, wantsJson } from '../output/print.ts';
import { writePrivateFile } from '../output/private-file.ts';

const columns = ['username', 'domain', 'realm', 'algorithm', 'ha1'] as const;

export function registerExport(program: Command, io: Io): void {
  const group = program.command('export').description('What other servers need of the accounts.');
  const kamailio = group
    .command('kamailio [file]')
    .description(
      'Writes the credentials of all active accounts, what the view sip_credentials holds, as a table of the Kamailio ' +
        'module db_text: the columns on the first line, then a line for each with `:` between the values. The folder is ' +
        'the database (text:///FOLDER), the name of the file the table; with db_mode 1 Kamailio notices a new one. A file ' +
        'is written whole or not at all, readable by its owner alone; one that is there keeps its owner and mode.',
    )
    .addOption(new Option('--algorithm <algorithm>', 'of this algorithm only').choices(algorithms))
    .action((file: string | undefined, options: { algorithm?: Algorithm }, command: Command) =>
      withApp(command, io, (app) => writeCredentials(command, io, app, file, options.algorithm)),
    );
  withManual(kamailio, {
    examples: [
      'ringup export kamailio /etc/kamailio/dbtext/sip_credentials_sha256 --algorithm SHA-256',
      'ringup export kamailio --json',
    ],
    json: 'a list of `{username, domain, realm, algorithm, ha1}`; where a file is written `{file, credentials}`, their number',
  });
}

async function writeCredentials(
  command: Command,
  io: Io,
  app: App,
  file: string | undefined,
  algorithm: Algorithm | undefined,
): Promise<void> {
  const json = wantsJson(command);
  let count = 0;
  async function* counted() {
    for await (const page of exportCredentials(app, algorithm)) {
      count += page.length;
      yield page;
    }
  }
  if (file === undefined) {
    for await (const text of json ? jsonArray(counted()) : asTable(counted())) io.out(text);
    return;
  }
  await writePrivateFile(file, asTable(counted()));
  io.out(json ? `${JSON.stringify({ file, credentials: count })}\n` : `Wrote ${count} credentials to ${file}.\n`);
}

async function* asTable(pages: AsyncIterable<SipCredential[]>): AsyncGenerator<string> {
  yield `${columns.map((name) => `${name}(string)`).join(' ')}\n`;
  for await (const page of pages) {
    yield page.map((row) => `${columns.map((name) => escaped(row[name])).join(':')}\n`).join('');
  }
}

function escaped(text: string): string {
  return text.replace(/[\\:]/g, '\\$&');
}
