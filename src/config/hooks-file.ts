import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './settings.ts';

/** The hooks file as set, else the one in the data directory, if it is there. */
export function effectiveHooks(settings: Pick<Settings, 'hooks' | 'dataDir'>): string | undefined {
  const standard = join(settings.dataDir, 'hooks.ts');
  return settings.hooks ?? (existsSync(standard) ? standard : undefined);
}
