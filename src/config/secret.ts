import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import { codeOf } from '../lib/code-of.ts';
import { makeFolder } from '../lib/make-folder.ts';
import { closeToOthers, takeName } from '../lib/private-file.ts';
import { randomToken } from '../lib/random-token.ts';
import { minSecretLength, type Settings } from './settings.ts';

/** For about a second, a start waits for another one that is just creating the secret. */
const maxWaits = 50;
const waitMs = 20;

/** Returns the secret in the settings or, by default, the one in the data directory, which the first start creates. */
export function effectiveSecret(settings: Pick<Settings, 'secret' | 'dataDir'>): string {
  const file = secretFile(settings);
  closeToOthers(file);
  if (settings.secret !== null) return settings.secret;
  const secret = readSecret(file) ?? makeSecret(file, settings.dataDir);
  const complaint = complaintAbout(file, secret);
  if (complaint !== undefined) throw new AppError('settings-invalid', { mistakes: [complaint] });
  return secret;
}

/**
 * Returns what is wrong with the secret in the data directory. Does not create it, because only the first start does.
 */
export function secretComplaint({ dataDir }: Pick<Settings, 'dataDir'>): string | undefined {
  const file = secretFile({ dataDir });
  const secret = readSecret(file);
  return secret === undefined ? undefined : complaintAbout(file, secret);
}

export function secretFile({ dataDir }: Pick<Settings, 'dataDir'>): string {
  return join(dataDir, 'secret');
}

function complaintAbout(file: string, secret: string): string | undefined {
  if (secret.length >= minSecretLength) return undefined;
  const found = secret === '' ? 'is empty' : `has ${secret.length} characters`;
  return `${file} ${found}, but needs at least ${minSecretLength}. Restore it, or delete it, so that the next start creates another.`;
}

function readSecret(file: string): string | undefined {
  try {
    return readComplete(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function readComplete(file: string): string {
  for (let waits = 0; ; waits += 1) {
    const text = readFileSync(file, 'utf8');
    // Where files cannot have two names, that of another first start is empty for a moment.
    if (text !== '' || waits === maxWaits) return text.trim();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs);
  }
}

function makeSecret(file: string, dataDir: string): string {
  makeFolder(dataDir, 'RINGUP_DATA_DIR');
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomToken()}${randomToken()}\n`, { mode: 0o600, flush: true });
  try {
    // If two first starts race, one wins, and both read its secret.
    takeName(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readComplete(file);
}
