import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './settings.ts';

/** Returns the hooks file in the settings, or by default the one in the data directory if it exists. */
export function effectiveHooks(settings: Pick<Settings, 'hooks' | 'dataDir'>): string | undefined {
  const standard = join(settings.dataDir, 'hooks.ts');
  return settings.hooks ?? (existsSync(standard) ? standard : undefined);
}
