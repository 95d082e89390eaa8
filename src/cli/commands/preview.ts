import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import type { PreviewOptions } from '../work/preview.ts';

const work = () => import('../work/preview.ts');

export function registerPreview(program: Command, io: Io): void {
  const command = program
    .command('preview <user[@domain]>')
    .description(
      'Shows the document that a phone of this account would get, after hooks, with secrets masked. Does not use up a token.',
    )
    .option('--query <query>', 'the query of the request, for hooks that read it')
    .option('--token', 'show the answer to the next token, not that of /provisioning/me')
    .option('--diff', 'show only what differs from the document that a phone of this account fetched last')
    .addOption(new Option('--origins', 'show where each entry comes from, instead of the XML').conflicts('diff'))
    .action(async (address: string, options: PreviewOptions, command: Command) =>
      (await work()).preview(command, io, address, options),
    );
  withManual(command, {
    examples: [
      './ringup preview alice@sip.example.com',
      './ringup preview alice --diff',
      './ringup preview alice --query site=lyon --json',
    ],
    json:
      '`{account, sections, last_fetched_at, changes, warnings}`, each section `{name, entries}`, each entry ' +
      '`{name, value, overwrite, layer, file, line}`, each change `{section, name, before, after}`, each warning as in `./ringup lint --json`',
  });
}
