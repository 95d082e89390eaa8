import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { complaintSentence } from '../errors/complaints.ts';
import { quoteText } from '../errors/quote-text.ts';
import { isAddressOrNetwork } from '../lib/client-address.ts';
import { parseDuration } from '../lib/duration.ts';
import { lowerCaseAscii } from '../lib/fold-text.ts';
import { parseMailbox } from '../lib/mailbox.ts';
import { parseSmtpUrl } from '../lib/smtp-url.ts';
import { parseWebAddress } from '../lib/web-address.ts';
import { checkDomain, checkRegistrar } from '../sip/sip-uri.ts';
import { databaseUrlComplaint } from './database-url.ts';

/** A value, or a complaint that says what would be valid. */
type Parsed<T> = { readonly value: T } | { readonly complaint: string };

export interface Setting<T> {
  readonly name: string;
  /** What applies if the setting is not set, in words. */
  readonly default: string;
  readonly meaning: string;
  /** Set if complaints must not quote the value. */
  readonly secret?: true;
  /** Reads the text of the setting; `text` is undefined if it is not set. */
  parse(text: string | undefined): Parsed<T>;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The domain of the first space until an administrator sets another one. */
export const defaultSipDomain = 'sip.example.test';

export const minSecretLength = 32;

/** Every setting. The loader, the check and the manual's page use this table. */
export const settingsTable = {
  dataDir: {
    name: 'RINGUP_DATA_DIR',
    default: './data',
    meaning:
      'The folder for the SQLite file, the generated secret, and `server.json`, which tells commands where the server is.',
    parse: (text) => ({ value: resolve(text ?? 'data') }),
  } satisfies Setting<string>,
  databaseUrl: {
    name: 'RINGUP_DATABASE_URL',
    default: 'SQLite in the data directory',
    secret: true,
    meaning: 'A PostgreSQL database, as `postgres://user:password@host/database`.',
    parse: parseDatabaseUrl,
  } satisfies Setting<string | null>,
  listen: {
    name: 'RINGUP_LISTEN',
    default: '127.0.0.1:8080',
    meaning: 'The address and port to listen on; `0.0.0.0:8080` or `[::]:8080` for all.',
    parse: parseListen,
  } satisfies Setting<ListenAddress>,
  publicUrl: {
    name: 'RINGUP_PUBLIC_URL',
    default:
      'the address set in the panel, or else `http://{listen}`, with the first LAN address if Ringup listens on all. Commands ' +
      "use the running server's",
    meaning:
      'The address that phones use; it may have a path prefix. All links and QR codes begin with it; the `Host` header is never used.',
    parse: parsePublicUrl,
  } satisfies Setting<string | null>,
  sipDomain: {
    name: 'RINGUP_SIP_DOMAIN',
    default: defaultSipDomain,
    meaning:
      'The SIP domain of the first space, which is created with the database. Where it is set, the setup page does not ask for ' +
      'the domain. `./ringup space add` adds further spaces.',
    parse: (text): Parsed<string | null> => {
      const domain = text === undefined ? null : lowerCaseAscii(text);
      const complaint = domain === null ? undefined : checkDomain(domain);
      return complaint === undefined ? { value: domain } : { complaint: complaintSentence(complaint) };
    },
  } satisfies Setting<string | null>,
  sipRegistrar: {
    name: 'RINGUP_SIP_REGISTRAR',
    default: '`sip:{domain};transport=tls`',
    meaning: 'The registrar of the first space, a SIP URI.',
    parse: (text): Parsed<string | null> => {
      const complaint = text === undefined ? undefined : checkRegistrar(text);
      return complaint === undefined ? { value: text ?? null } : { complaint: complaintSentence(complaint) };
    },
  } satisfies Setting<string | null>,
  linphonerc: {
    name: 'RINGUP_LINPHONERC',
    default: 'none',
    meaning: "The instance's linphonerc file, which is part of every document in every space.",
    parse: (text) => ({ value: text === undefined ? null : resolve(text) }),
  } satisfies Setting<string | null>,
  hooks: {
    name: 'RINGUP_HOOKS',
    default: '`{data dir}/hooks.ts` if it exists',
    meaning: 'Your hooks, a `.ts` or `.js` file.',
    parse: (text) => ({ value: text === undefined ? null : resolve(text) }),
  } satisfies Setting<string | null>,
  secret: {
    name: 'RINGUP_SECRET',
    default: 'generated in the data directory',
    secret: true,
    meaning:
      'At least 32 characters. Signs the nonces of HTTP Digest, makes codes that can be shown again, encrypts the rows of ' +
      'imports, and hashes what `./ringup preview` compares with. All nodes that share a database need the same one.',
    parse: (text): Parsed<string | null> =>
      text === undefined || text.length >= minSecretLength
        ? { value: text ?? null }
        : { complaint: 'must have at least 32 characters; `openssl rand -base64 32` generates one' },
  } satisfies Setting<string | null>,
  trustedProxies: {
    name: 'RINGUP_TRUSTED_PROXIES',
    default: 'none',
    meaning: 'Addresses or networks (`10.0.0.0/8`), separated by commas, whose `X-Forwarded-For` is trusted.',
    parse: parseProxies,
  } satisfies Setting<readonly string[]>,
  tokenLifetime: {
    name: 'RINGUP_TOKEN_LIFETIME',
    default: '7d',
    meaning: 'How long provisioning tokens are valid, such as `90m`, `12h` or `7d`; `0`: forever.',
    parse: (text): Parsed<number> => {
      const value = parseDuration(text ?? '7d');
      return value === undefined
        ? { complaint: 'must be a duration such as 90m, 12h or 7d, or 0 for no limit' }
        : { value };
    },
  } satisfies Setting<number>,
  eventsKept: {
    name: 'RINGUP_EVENTS_KEPT',
    default: '90d',
    meaning: 'How long the timeline keeps events, such as `30d`; `0`: forever.',
    parse: (text): Parsed<number> => {
      const value = parseDuration(text ?? '90d');
      return value === undefined
        ? { complaint: 'must be a duration such as 30d or 12w, or 0 for no limit' }
        : { value };
    },
  } satisfies Setting<number>,
  smtpUrl: {
    name: 'RINGUP_SMTP_URL',
    default: 'none: no mail is sent, unless a space has its own `smtp_url`',
    secret: true,
    meaning:
      'The mail server, as `smtp://user:password@host:587` or `smtps://user:password@host`. With `smtp://`, STARTTLS is required, ' +
      'unless the address ends in `?tls=optional`.',
    parse: (text): Parsed<string | null> =>
      text === undefined || parseSmtpUrl(text) !== undefined
        ? { value: text ?? null }
        : { complaint: complaintSentence({ code: 'not-an-smtp-url' }) },
  } satisfies Setting<string | null>,
  mailFrom: {
    name: 'RINGUP_MAIL_FROM',
    default: 'none',
    meaning:
      'The sender of mails, as `ringup@example.com` or `Ringup <ringup@example.com>`. A space may have its own `mail_from`.',
    parse: (text): Parsed<string | null> =>
      text === undefined || parseMailbox(text) !== undefined
        ? { value: text ?? null }
        : { complaint: complaintSentence({ code: 'not-a-mailbox' }) },
  } satisfies Setting<string | null>,
  logLevel: {
    name: 'RINGUP_LOG_LEVEL',
    default: 'info',
    meaning: `One of ${logLevels.join(', ')}. Request lines have the level \`info\`.`,
    parse: (text): Parsed<LogLevel> => {
      const level = logLevels.find((each) => each === (text ?? 'info'));
      return level === undefined ? { complaint: `must be one of ${logLevels.join(', ')}` } : { value: level };
    },
  } satisfies Setting<LogLevel>,
};

type SettingKey = keyof typeof settingsTable;
type ValueOf<S> = S extends { parse(text: string | undefined): infer R }
  ? Extract<R, { value: unknown }>['value']
  : never;

/** The parsed settings. `null` stands for a default that depends on something else. */
export type Settings = { readonly [K in SettingKey]: ValueOf<(typeof settingsTable)[K]> };

function parseDatabaseUrl(text: string | undefined): Parsed<string | null> {
  const complaint = text === undefined ? undefined : databaseUrlComplaint(text);
  return complaint === undefined ? { value: text ?? null } : { complaint };
}

function parseListen(text: string | undefined): Parsed<ListenAddress> {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text ?? '127.0.0.1:8080') ?? [];
  const host = bracketed ?? plain ?? '';
  const valid = bracketed === undefined ? /^[A-Za-z0-9.-]+$/.test(host) : isIP(host) === 6;
  return valid && Number(port) >= 1 && Number(port) <= 65_535
    ? { value: { host, port: Number(port) } }
    : { complaint: 'must be host:port with a port from 1 to 65535, such as 127.0.0.1:8080 or [::1]:8080' };
}

function parsePublicUrl(text: string | undefined): Parsed<string | null> {
  if (text === undefined) return { value: null };
  const parsed = parseWebAddress(text);
  return 'complaint' in parsed ? { complaint: complaintSentence(parsed.complaint) } : parsed;
}

function parseProxies(text: string | undefined): Parsed<readonly string[]> {
  const proxies = (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const wrong = proxies.find((each) => !isAddressOrNetwork(each));
  return wrong === undefined
    ? { value: proxies }
    : {
        complaint: `must be IP addresses, or networks with a prefix of 1 or more, separated by commas; ${quoteText(wrong)} is neither`,
      };
}
