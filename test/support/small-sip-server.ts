import { chownSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from './find-program.ts';
import { type Program, startProgram } from './program.ts';
import { tempDirectory } from './temp-directory.ts';

const recipes = join(import.meta.dirname, '../../deploy/kamailio');
const fileInRecipe = '/var/lib/ringup/ringup.sqlite';
const urlInRecipe = '##!define WITH_POSTGRES "postgres://kamailio:PASSWORD@localhost/ringup"';

interface User {
  readonly uid: number;
  readonly gid: number;
}

/** Starts the complete server of `deploy/kamailio/`, with the path or URL that it asks for and a free port. */
export function startSmallServer(database: string, port: number, user?: User): Program {
  const directory = tempDirectory();
  const configuration = join(directory, 'registrar.cfg');
  const text = readFileSync(join(recipes, 'registrar.cfg'), 'utf8');
  const isServer = database.startsWith('postgres:');
  const [asked, given] = isServer ? [urlInRecipe, `#!define WITH_POSTGRES "${database}"`] : [fileInRecipe, database];
  if (!text.includes(asked)) throw new Error(`the recipe does not ask for ${asked}`);
  copyFileSync(join(recipes, 'ringup.cfg'), join(directory, 'ringup.cfg'));
  const listen = `listen=udp:127.0.0.1:${port}\nlisten=tcp:127.0.0.1:${port}\n`;
  writeFileSync(configuration, text.replace(asked, given).replace('\ndns=no', `\n${listen}dns=no`));
  const own = ['', 'registrar.cfg', 'ringup.cfg'].map((name) => join(directory, name));
  if (user !== undefined) for (const path of own) chownSync(path, user.uid, user.gid);
  const args = ['-f', configuration, '-DD', '-E', '-Y', directory, '-P', join(directory, 'pid'), '-m', '64', '-M', '8'];
  return startProgram({ command: programPath('kamailio'), args, directory, ...(user === undefined ? {} : { user }) });
}
