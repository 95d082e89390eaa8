import { accessSync, constants } from 'node:fs';
import { quoteText } from '../errors/quote-text.ts';
import { parametersOf, sslModes } from '../storage/postgres-url.ts';

const form = 'must be postgres://user:password@host/database, or unset for SQLite in the data directory';
const encoding =
  'has a character in its user or password that must be encoded: write # as %23, / as %2F, ? as %3F, @ as %40 and % as %25';

/** Returns what is wrong with the URL of a PostgreSQL server, without quoting its password, or undefined. */
export function databaseUrlComplaint(text: string): string | undefined {
  if (!/^postgres(ql)?:\/\/./.test(text)) return form;
  if (hasBareCharacter(text)) return encoding;
  // If the URL has no host, its query has one: a folder of Unix sockets.
  if (!URL.canParse(text.replace('@/', '@localhost/'))) return form;
  return parametersComplaint(parametersOf(text));
}

/** Returns whether `#`, `/` or `?` ends the part before the host too early, or a `%` encodes nothing. */
function hasBareCharacter(text: string): boolean {
  const [, authority = '', rest = ''] = /^[a-z]+:\/\/([^/?#]*)(.*)/s.exec(text) ?? [];
  const isCutOff = /^\/[^?]*@/.test(rest) || /\?[^=?]*@/.test(rest);
  return rest.includes('#') || isCutOff || !isDecodable(authority);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function parametersComplaint(parameters: URLSearchParams): string | undefined {
  const mode = parameters.get('sslmode');
  if (mode !== null && !(sslModes as readonly string[]).includes(mode)) {
    return `has the sslmode ${quoteText(mode)}: use disable, allow, prefer, require, verify-ca or verify-full`;
  }
  const ssl = parameters.get('ssl');
  if (ssl !== null && ssl !== 'true') return `has ssl=${quoteText(ssl)}: use sslmode=disable or sslmode=require`;
  const authority = parameters.get('sslrootcert');
  if (mode === 'verify-ca' && authority === null) {
    return 'has sslmode=verify-ca, which needs sslrootcert=FILE with the certificate of the authority: add it, or use sslmode=verify-full';
  }
  if (authority === 'system' && mode !== 'verify-full') {
    return 'has sslrootcert=system, which is safe only with sslmode=verify-full: use both';
  }
  const unreadable = ['sslrootcert', 'sslcert', 'sslkey'].find((name) => !isReadable(parameters.get(name)));
  if (unreadable === undefined) return undefined;
  return `names the ${unreadable} ${quoteText(parameters.get(unreadable) ?? '')}, which cannot be read: correct its path or its permissions`;
}

function isReadable(file: string | null): boolean {
  if (file === null || file === 'system') return true;
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
