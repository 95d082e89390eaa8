import type { Command } from 'commander';
import { type Environment, readSettings } from '../../config/load-config.ts';
import { checkAll, type Finding, type Findings } from '../checks.ts';
import { BadNews, explain } from '../explain.ts';
import type { Io } from '../io.ts';
import { environmentOf } from '../open-app.ts';
import { print } from '../output/print.ts';

export async function check(command: Command, io: Io): Promise<void> {
  const { environment, mistakes: unread } = environmentOrMistake(command, io);
  const { settings, mistakes, warning } = readSettings(environment);
  const unwise = warning === undefined ? [] : [warning];
  const findings = await checkAll(settings, { wrong: [...unread, ...mistakes], unwise });
  print(command, io, findings, () => inWords(findings));
  const wrong = Object.values(findings).flatMap((each) => each.wrong).length;
  if (wrong > 0) throw new BadNews(`${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.`);
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
