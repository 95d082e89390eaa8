import { fileTrouble } from './database-sentences.ts';
import { quoteText, visibleText } from './quote-text.ts';

/** The part of `errorCatalogue` about a database that cannot be used as it is. */
export const databaseErrors = {
  'migrations-pending': {
    kind: 'unavailable',
    meaning: 'The database needs `./ringup migrate` first.',
    message: ({ pending }: { pending: readonly string[] }) =>
      `The database lacks ${pending.join(', ')}: run \`./ringup migrate\` first.`,
  },
  'database-missing': {
    kind: 'unavailable',
    meaning: 'A command found no database in the data directory.',
    message: ({ dataDir }: { dataDir: string }) =>
      `There is no database in ${quoteText(dataDir)}: \`./ringup serve\` makes one, or RINGUP_DATA_DIR, RINGUP_DATABASE_URL or --env-file name another.`,
  },
  'database-gone': {
    kind: 'unavailable',
    meaning:
      'The SQLite file of the server that ran last is gone, and `./ringup serve` refuses to create an empty one.',
    message: ({ file, trace }: { file: string; trace: string }) =>
      `${quoteText(file)}, the database of the server that ran last, is gone: move it back, or restore a backup with \`./ringup restore\`. To begin with an empty database, remove ${quoteText(trace)} first.`,
  },
  'database-newer': {
    kind: 'unavailable',
    meaning: 'A later version of Ringup has migrated the database.',
    message: ({ unknown }: { unknown: readonly string[] }) =>
      `The database is newer than this program (it has ${unknown.join(', ')}): run the version of Ringup that migrated it, or restore a backup from before.`,
  },
  'database-elsewhere': {
    kind: 'unavailable',
    meaning: 'The tables are in a schema of PostgreSQL that the connection does not look at.',
    message: ({ schemas, path }: { schemas: readonly string[]; path: string }) =>
      `The tables are in the schema ${schemas.map(quoteText).join(', ')}, and the search_path is ${quoteText(path)}: append ?options=-c%20search_path%3D${encodeURIComponent(schemas[0] ?? '')} to RINGUP_DATABASE_URL, or use a database of its own.`,
  },
  'database-in-use': {
    kind: 'conflict',
    meaning: 'Another `./ringup serve` is running on the same SQLite file.',
    message: ({ dataDir }: { dataDir: string }) =>
      `Another \`./ringup serve\` is running on ${dataDir}: stop it first.`,
  },
  'database-linked': {
    kind: 'conflict',
    meaning: 'The SQLite file has several names (hard links), each of which would get changes of its own.',
    message: ({ file, names }: { file: string; names: number }) =>
      `${file} has ${names} names (hard links), and SQLite would keep changes for each: remove the others, or copy the file.`,
  },
  'database-mounted': {
    kind: 'conflict',
    meaning: 'The SQLite file is mounted by itself, without the files beside it that have its newest changes.',
    message: ({ file, folder }: { file: string; folder: string }) =>
      `${file} is mounted by itself, and SQLite keeps its newest changes in files beside it, which would be lost with the container: mount the folder ${folder} instead.`,
  },
  'folder-unusable': {
    kind: 'conflict',
    meaning: 'The data directory, or the folder of a file to write, is not a folder, and none can be created there.',
    message: ({ folder, why, setting }: { folder: string; why: string; setting?: string }) =>
      `The folder ${quoteText(folder)} cannot be used, because ${why}: ${setting === undefined ? 'name' : `set ${setting} to`} another one.`,
  },
  'path-unusable': {
    kind: 'conflict',
    meaning: 'A file or folder that a command needs cannot be read or written; the message says which one and why.',
    message: ({ path, why }: { path: string; why: string }) => `${visibleText(path)} cannot be used: ${why}.`,
  },
  'file-unusable': {
    kind: 'conflict',
    meaning:
      'The SQLite file, or the `serve.lock` that keeps a second `ringup serve` away, cannot be created, written or locked.',
    message: fileTrouble,
  },
} as const;
