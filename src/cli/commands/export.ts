import { type Command, Option } from 'commander';
import { algorithms } from '../../sip/ha1.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import type { CredentialsOptions } from '../work/export.ts';

const work = () => import('../work/export.ts');

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
    .action(async (file: string | undefined, options: CredentialsOptions, command: Command) =>
      (await work()).writeCredentials(command, io, file, options),
    );
  withManual(kamailio, {
    examples: [
      './ringup export kamailio /etc/kamailio/dbtext/sip_credentials_sha256 --algorithm SHA-256',
      './ringup export kamailio --json',
    ],
    json: 'a list of `{username, domain, realm, algorithm, ha1}`; with FILE `{file, credentials}`, where `credentials` is their number',
  });
}
