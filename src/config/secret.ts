import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomToken } from '../lib/random-token.ts';
import type { Settings } from './settings.ts';

/** Returns the secret of the settings or, by default, the one in the data directory, which the first start creates. */
export function effectiveSecret(settings: Pick<Settings, 'secret' | 'dataDir'>): string {
  if (settings.secret !== null) return settings.secret;
  const file = join(settings.dataDir, 'secret');
  return readSecret(file) ?? makeSecret(file, settings.dataDir);
}

function readSecret(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function makeSecret(file: string, dataDir: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomToken()}${randomToken()}\n`, { mode: 0o600 });
  try {
    // Linking is atomic: if two first starts race, one wins, and both read its secret.
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8').trim();
}
