import { visibleValue } from './address-passwords.ts';
import { type LintSubject, numbered, type Remark, valueIn } from './lint-check.ts';

const quoted = '"(?:[^"\\\\]|\\\\.)*"[ \\t]*';
// A name without quotes may contain only these characters. Linphone 5.1 drops an account called Zoë.
const words = "[A-Za-z0-9.!%*_+`'~ \\t-]*";
const bracketed = new RegExp(`^(?:${quoted}|${words})<(sips?:[^<>"]+)>[^<>"]*$`, 'i');
const bare = /^(sips?:[^<>"\s]+)$/i;

/** Checks each `proxy_N`: phones must be able to parse its addresses, and it must have a registrar. */
export function* checkAccounts({ document }: LintSubject): Generator<Remark> {
  for (const { name: section, section: entries } of numbered(document, 'proxy_')) {
    const [identity, server] = [valueIn(entries, 'reg_identity'), valueIn(entries, 'reg_proxy')];
    if (identity !== undefined) {
      yield* checkIdentity(section, identity);
      if (server === undefined && entries.get('reg_sendregister')?.value !== '0') {
        const message = `The account in ${section} has no reg_proxy`;
        yield { rule: 'registrar-missing', section, key: 'reg_identity', message };
      }
    }
    if (server !== undefined) yield* checkServer(registrar, section, server);
    for (const each of splitRoutes(valueIn(entries, 'reg_route'))) yield* checkServer(route, section, each);
  }
  const common = valueIn(document.get('proxy_default_values'), 'reg_proxy');
  if (common !== undefined) yield* checkServer(registrar, 'proxy_default_values', common);
}

function* checkIdentity(section: string, value: string): Generator<Remark> {
  const uri = uriIn(value);
  if (uri !== undefined && /^sips?:[^@]+@[^@]+$/i.test(uri)) return;
  const shown = visibleValue(value);
  const message = `reg_identity is not the SIP address of a user: ${shown}`;
  yield { rule: 'identity-malformed', section, key: 'reg_identity', message, value: shown };
}

const registrar = { key: 'reg_proxy', loose: 'registrar-loose', malformed: 'registrar-malformed' } as const;
const route = { key: 'reg_route', loose: 'route-loose', malformed: 'route-malformed' } as const;

/** Checks an address. Linphone accepts it without `sip:` or without angle brackets, but not without both. */
function* checkServer(
  { key, loose, malformed }: typeof registrar | typeof route,
  section: string,
  value: string,
): Generator<Remark> {
  const uri = uriIn(value);
  if (uri !== undefined) yield* checkSips(section, key, uri);
  if (uri !== undefined && value.includes('<')) return;
  const shown = visibleValue(value);
  if (/[<>"\s]/.test(value)) {
    yield { rule: malformed, section, key, message: `${key} is not a SIP address: ${shown}`, value: shown };
    return;
  }
  const lacks = uri === undefined ? 'sip: and angle brackets' : 'angle brackets';
  const meant = `${key}=<${uri === undefined ? `sip:${shown}` : visibleValue(uri)}>`;
  const message = `${key} lacks ${lacks}: ${shown}`;
  yield { rule: loose, section, key, message, value: shown, meant, remedy: `Write ${meant}.` };
}

function* checkSips(section: string, key: string, uri: string): Generator<Remark> {
  const [, transport] = /^sips:.*;transport=(udp|tcp)(?:;|$)/i.exec(uri) ?? [];
  if (transport === undefined) return;
  const message = `${key} says sips, but also transport=${transport.toLowerCase()}`;
  yield { rule: 'sips-without-tls', section, key, message, value: visibleValue(uri) };
}

function uriIn(value: string): string | undefined {
  return (bare.exec(value) ?? bracketed.exec(value))?.[1];
}

function splitRoutes(value: string | undefined): string[] {
  return value === undefined ? [] : value.split(',').map((each) => each.trim());
}
