import { aboutServer, aboutValue, type Complaint } from '../errors/complaints.ts';
import { parseDuration } from '../lib/duration.ts';
import { isPattern } from '../lib/match-pattern.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';
import { readLinphonerc } from '../lpconfig/read-linphonerc.ts';
import { checkValue } from '../lpconfig/rules.ts';
import { checkSeededPattern } from '../lpconfig/seeding.ts';
import { checkDomain, checkRegistrar } from '../sip/sip-uri.ts';

export function checkName(name: string): Complaint | undefined {
  return aboutValue(name, checkValue(name));
}

export function checkHost(host: string): Complaint | undefined {
  const [, name = '', port = '1'] = /^([^:]+)(?::(\d{1,5}))?$/.exec(host) ?? [];
  return checkDomain(name) === undefined && Number(port) >= 1 && Number(port) <= 65_535
    ? undefined
    : aboutServer(host, { code: 'not-host-and-port' });
}

export function checkSpaceRegistrar(uri: string): Complaint | undefined {
  return aboutServer(uri, checkRegistrar(uri));
}

export function holdRealm(realm: string | null): string | null {
  return realm === null ? null : trimBlanks(realm);
}

export function checkRealm(realm: string): Complaint | undefined {
  if (holdRealm(realm) === '') return { code: 'only-blanks' };
  const complaint = /["\\:]/.test(realm) ? ({ code: 'not-a-realm' } as const) : undefined;
  return aboutValue(realm, checkValue(realm) ?? complaint);
}

export function checkLinphonerc(text: string): Complaint[] {
  return readLinphonerc(text)
    .mistakes.filter((each) => each.severity === 'error')
    .map(({ line, message, text }) => ({ code: 'linphonerc-mistake', line, mistake: message, text }));
}

export function checkSeeded(patterns: readonly string[]): Complaint[] {
  return patterns.flatMap((each) => aboutValue(each, checkSeededPattern(each)) ?? []);
}

export function checkLifetime(text: string): Complaint | undefined {
  if (parseDuration(text) !== undefined) return undefined;
  return aboutValue(text, { code: 'not-a-duration', examples: ['90m', '12h', '7d'], forever: '0' });
}

export function checkUsernamePattern(pattern: string): Complaint | undefined {
  return aboutValue(pattern, patternComplaint(pattern));
}

function patternComplaint(pattern: string): Complaint | undefined {
  return checkValue(pattern) ?? (isPattern(pattern) ? undefined : { code: 'not-a-regular-expression' });
}
