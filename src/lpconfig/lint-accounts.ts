import { visibleText } from '../errors/quote-text.ts';
import { type LintSubject, numberAfter, numbered, type Remark, valueIn } from './lint-check.ts';

const quoted = '"(?:[^"\\\\]|\\\\.)*"[ \\t]*';
// A name without quotes can contain only these characters; 5.1 drops an account called Zoë.
const words = "[A-Za-z0-9.!%*_+`'~ \\t-]*";
const bracketed = new RegExp(`^(?:${quoted}|${words})<(sips?:[^<>"]+)>[^<>"]*$`, 'i');
const bare = /^(sips?:[^<>"\s]+)$/i;

/** Checks each `proxy_N`: a phone can read its addresses, it has a registrar, and what it depends on exists. */
export function* checkAccounts({ document, idkeys }: LintSubject): Generator<Remark> {
  const accounts = numbered(document, 'proxy_');
  for (const { name: section, section: entries } of accounts) {
    const [identity, registrar] = [valueIn(entries, 'reg_identity'), valueIn(entries, 'reg_proxy')];
    if (identity !== undefined) {
      yield* checkIdentity(section, identity);
      if (registrar === undefined && entries.get('reg_sendregister')?.value !== '0') {
        const message = `The account in ${section} has no reg_proxy`;
        yield { rule: 'registrar-missing', section, key: 'reg_identity', message };
      }
    }
    if (registrar !== undefined) yield* checkRegistrar(section, registrar);
    for (const route of splitRoutes(valueIn(entries, 'reg_route'))) yield* checkRoute(section, route);
    const master = valueIn(entries, 'depends_on');
    const others = accounts.filter(({ name }) => name !== section).map((other) => valueIn(other.section, 'idkey'));
    if (master !== undefined && ![...idkeys, ...others].includes(master)) {
      const message = `No other account has the idkey ${visibleText(master)}`;
      yield { rule: 'depends-on-nothing', section, key: 'depends_on', message };
    }
  }
  const common = valueIn(document.get('proxy_default_values'), 'reg_proxy');
  if (common !== undefined) yield* checkRegistrar('proxy_default_values', common);
}

function* checkIdentity(section: string, value: string): Generator<Remark> {
  const uri = uriIn(value);
  if (uri !== undefined && /^sips?:[^@]+@[^@]+$/i.test(uri)) return;
  const message = `reg_identity is not the SIP address of a user: ${visibleText(value)}`;
  yield { rule: 'identity-malformed', section, key: 'reg_identity', message };
}

function* checkRegistrar(section: string, value: string): Generator<Remark> {
  const key = 'reg_proxy';
  const uri = uriIn(value);
  if (uri !== undefined) yield* checkSips(section, key, uri);
  if (uri !== undefined && value.includes('<')) return;
  if (!/[<>"\s]/.test(value)) {
    const lacks = uri === undefined ? 'sip: and angle brackets' : 'angle brackets';
    const remedy = `Write ${key}=<${uri ?? `sip:${visibleText(value)}`}>.`;
    yield { rule: 'registrar-loose', section, key, message: `reg_proxy lacks ${lacks}: ${visibleText(value)}`, remedy };
  } else {
    yield {
      rule: 'registrar-malformed',
      section,
      key,
      message: `reg_proxy is not a SIP address: ${visibleText(value)}`,
    };
  }
}

function* checkRoute(section: string, value: string): Generator<Remark> {
  const key = 'reg_route';
  const uri = uriIn(value);
  if (uri !== undefined) yield* checkSips(section, key, uri);
  if (uri !== undefined && value.includes('<')) return;
  yield { rule: 'route-malformed', section, key, message: `reg_route has no <sip:host>: ${visibleText(value)}` };
}

function* checkSips(section: string, key: string, uri: string): Generator<Remark> {
  const [, transport] = /^sips:.*;transport=(udp|tcp)(?:;|$)/i.exec(uri) ?? [];
  if (transport === undefined) return;
  const message = `${key} says sips, but also transport=${transport.toLowerCase()}`;
  yield { rule: 'sips-without-tls', section, key, message };
}

function uriIn(value: string): string | undefined {
  return (bare.exec(value) ?? bracketed.exec(value))?.[1];
}

function splitRoutes(value: string | undefined): string[] {
  return value === undefined ? [] : value.split(',').map((each) => each.trim());
}

/** Checks the names that Linphone counts from 0 up to the first gap. */
export function* checkNumbering({ document, audience }: LintSubject): Generator<Remark> {
  for (const prefix of ['proxy_', 'auth_info_']) {
    const found = numbered(document, prefix);
    const [first] = found;
    if (first === undefined) continue;
    // Ringup puts an account's own section at number 0 if the texts leave it free.
    const start = audience === 'everybody' ? first.index : 0;
    if (start > 0) {
      const message = `${first.name} exists without ${prefix}0`;
      yield { rule: 'numbering-start', section: first.name, message };
    }
    const afterHole = found.find(({ index }, position) => index !== start + position);
    if (afterHole === undefined) continue;
    const missing = `${prefix}${start + found.indexOf(afterHole)}`;
    yield hole(afterHole.name, undefined, `${afterHole.name} exists without ${missing}`);
  }
  const headers = [...(document.get('misc')?.keys() ?? [])]
    .flatMap((key) => numberAfter(key, 'config-uri-header_') ?? [])
    .sort((a, b) => a - b);
  const lost = headers.find((index, position) => index !== position);
  if (lost === undefined) return;
  const key = `config-uri-header_${lost}`;
  yield hole('misc', key, `${key} exists without config-uri-header_${headers.indexOf(lost)}`);
}

function hole(section: string, key: string | undefined, message: string): Remark {
  return { rule: 'numbering-hole', section, ...(key === undefined ? {} : { key }), message };
}
