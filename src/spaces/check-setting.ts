import { aboutServer, aboutValue } from '../errors/quote-text.ts';
import { parseDuration } from '../lib/duration.ts';
import { isSlowPattern } from '../lib/match-pattern.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';
import { readLinphonerc } from '../lpconfig/read-linphonerc.ts';
import { checkValue } from '../lpconfig/rules.ts';
import { checkSeededPattern } from '../lpconfig/seeding.ts';
import { checkDomain, checkRegistrar } from '../sip/sip-uri.ts';

export function checkName(name: string): string | undefined {
  return aboutValue(name, checkValue(name));
}

export function checkHost(host: string): string | undefined {
  const [, name = '', port = '1'] = /^([^:]+)(?::(\d{1,5}))?$/.exec(host) ?? [];
  return checkDomain(name) === undefined && Number(port) >= 1 && Number(port) <= 65_535
    ? undefined
    : aboutServer(host, 'must be a host name in lower case, or host:port');
}

export function checkSpaceRegistrar(uri: string): string | undefined {
  return aboutServer(uri, checkRegistrar(uri));
}

export function holdRealm(realm: string | null): string | null {
  return realm === null ? null : trimBlanks(realm);
}

export function checkRealm(realm: string): string | undefined {
  if (holdRealm(realm) === '') return 'must not be blank';
  const complaint = /["\\:]/.test(realm) ? 'must not contain quotes, backslashes or colons' : undefined;
  return aboutValue(realm, checkValue(realm) ?? complaint);
}

export function checkLinphonerc(text: string): string[] {
  return readLinphonerc(text)
    .mistakes.filter((each) => each.severity === 'error')
    .map((each) => `line ${each.line}: ${each.message}: ${each.text}`);
}

export function checkSeeded(patterns: readonly string[]): string[] {
  return patterns.flatMap((each) => aboutValue(each, checkSeededPattern(each)) ?? []);
}

export function checkLifetime(text: string): string | undefined {
  if (parseDuration(text) !== undefined) return undefined;
  return aboutValue(text, 'must be a duration such as 90m, 12h or 7d, or 0 (forever)');
}

export function checkUsernamePattern(pattern: string): string | undefined {
  return aboutValue(pattern, patternComplaint(pattern));
}

function patternComplaint(pattern: string): string | undefined {
  const complaint = checkValue(pattern);
  if (complaint !== undefined) return complaint;
  try {
    new RegExp(pattern, 'u');
  } catch {
    return 'must be a regular expression';
  }
  return isSlowPattern(pattern)
    ? 'takes too long to match: avoid a repetition within a repetition, as in (a+)+'
    : undefined;
}
