import { inspect } from 'node:util';
import type { HookSubject } from '../documents/document-hooks.ts';
import type { Hooks } from './contract.ts';
import { withheldParameter } from './facts.ts';

/** The facts that are logged about a failed hook. */
export interface HookFailure {
  readonly hook: keyof Hooks;
  /** The section that the `proxy` or `auth` hook received. */
  readonly section: string | null;
  /** The space's domain. */
  readonly space: string;
  readonly accountId: number | null;
  readonly stack: string;
}

const maxCauses = 3;

/** Returns an error for a thrown value. Its stack includes the causes, without secrets that the hook received. */
export function withoutSecrets(thrown: unknown, subject: HookSubject): Error {
  const secrets = secretsOf(subject);
  const redact = (text: string): string => secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  const error = new Error(redact(messageOf(thrown)));
  error.stack = redact(fullStack(thrown));
  return error;
}

function fullStack(thrown: unknown): string {
  const stacks: string[] = [];
  let each = thrown;
  while (each instanceof Error && stacks.length < maxCauses) {
    stacks.push(each.stack ?? String(each));
    each = each.cause;
  }
  if (stacks.length === 0) return messageOf(thrown);
  return stacks.join('\ncaused by ');
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : `thrown, but not an Error: ${inspect(thrown, { depth: 1 })}`;
}

function secretsOf({ request, account }: HookSubject): string[] {
  const ha1s = [...(account?.ha1s ?? []), ...(account?.external?.ha1s ?? [])].map(({ ha1 }) => ha1);
  // A token is the only long part of a provisioning path. It is still valid after a failed redemption.
  const [path = ''] = request.url.split('?');
  // Hooks do not see these, but the functions that they call may quote them.
  const ofDevice = [request.headers['x-device-key'], ...request.query.getAll(withheldParameter)].flat();
  return [...ha1s, ...[...path.split('/'), ...ofDevice].filter((part) => part !== undefined).filter(isLong)];
}

function isLong(part: string): boolean {
  return part.length >= 16;
}
