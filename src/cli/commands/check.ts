import type { Command } from 'commander';
import { type Environment, readSettings } from '../../config/load-config.ts';
import { checkAll, type Finding, type Findings } from '../checks.ts';
import { BadNews, explain } from '../explain.ts';
import type { Io } from '../io.ts';
import { withManual } from '../manual.ts';
import { environmentOf } from '../open-app.ts';
import { print } from '../output/print.ts';

export function registerCheck(program: Command, io: Io): void {
  const command = program
    .command('check')
    .description(
      'Checks the settings, linphonerc, hooks, database and files, and reports errors and risks. Changes nothing.',
    )
    .action(async (_options: unknown, command: Command) => {
      const { environment, mistakes: unread } = environmentOrMistake(command, io);
      const { settings, mistakes } = readSettings(environment);
      const findings = await checkAll(settings, [...unread, ...mistakes]);
      print(command, io, findings, () => inWords(findings));
      const wrong = Object.values(findings).flatMap((each) => each.wrong).length;
      if (wrong > 0) throw new BadNews(`${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.`);
    });
  withManual(command, {
    examples: ['ringup check', 'ringup check --env-file /etc/ringup.env --json'],
    json: '`{settings, linphonerc, hooks, database, files}`, each with two lists of sentences, `{wrong, unwise}`, and with `unset` if no file is set',
  });
}

/** Ignores an `--env-file` that cannot be read, so that everything else is still checked. */
function environmentOrMistake(command: Command, io: Io): { environment: Environment; mistakes: string[] } {
  try {
    return { environment: environmentOf(command, io), mistakes: [] };
  } catch (error) {
    return { environment: io.environment, mistakes: [explain(error).message.trim()] };
  }
}

function inWords(findings: Findings): string {
  return Object.entries(findings)
    .map(([part, finding]) => `${part}: ${summary(finding)}\n${details(finding)}`)
    .join('');
}

function summary({ wrong, unwise, unset }: Finding): string {
  if (wrong.length > 0) return 'wrong';
  if (unwise.length > 0) return 'usable';
  return unset ? 'not set' : 'fine';
}

function details({ wrong, unwise }: Finding): string {
  return [...wrong, ...unwise.map((each) => `Note: ${each}`)].map((each) => `  ${each}\n`).join('');
}
