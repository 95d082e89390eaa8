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
  const group = program.command('export').description('Exports accounts for other servers.');
  const kamailio = group
    .command('kamailio [file]')
    .description(
      'Writes the credentials of all active accounts as a table for the Kamailio module db_text. They are the rows of ' +
        'the view sip_credentials. The first line names the columns; each other line is one row, with `:` between the ' +
        'values. In Kamailio, the folder is the database (text:///FOLDER) and the name of FILE is the table; with db_mode ' +
        '1 Kamailio notices when the file changes. FILE is replaced in one step. Only its owner can read it; if it ' +
        'exists, it keeps its owner and mode. Without FILE, the table goes to standard output.',
    )
    .addOption(new Option('--algorithm <algorithm>', 'only credentials for this algorithm').choices(algorithms))
    .action((file: string | undefined, options: { algorithm?: Algorithm }, command: Command) =>
      withApp(command, io, (app) => writeCredentials(command, io, app, file, options.algorithm)),
    );
  withManual(kamailio, {
    examples: [
      'ringup export kamailio /etc/kamailio/dbtext/sip_credentials_sha256 --algorithm SHA-256',
      'ringup export kamailio --json',
    ],
    json: 'a list of `{username, domain, realm, algorithm, ha1}`; with FILE `{file, credentials}`, where `credentials` is their number',
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
