import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The names of all migrations, in the order in which they are applied. */
export const migrationNames: readonly string[] = readdirSync(join(import.meta.dirname, '../../src/storage/migrations'))
  .map((file) => file.replace(/\.ts$/, ''))
  .sort();
