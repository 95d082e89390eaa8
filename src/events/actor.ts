import type { ActorColumns } from '../storage/columns.ts';

const actorKinds = ['account', 'api-key', 'self', 'command-line', 'setup-link', 'unknown'] as const;

/** `self` is an account that acts on itself. `unknown` is an actor that an earlier version recorded as text only. */
export type ActorKind = (typeof actorKinds)[number];

/** The person or program that makes a change. It stays readable after the API key or the account is deleted. */
export interface Actor {
  readonly kind: ActorKind;
  /** The id of the account or the API key. */
  readonly id: number | null;
  /** The account's user name or the API key's name. */
  readonly name: string | null;
  /**
   * Whether a person acts in the panel: with a session, even in a call of the API, or by a link to one of its pages.
   */
  readonly isInPanel?: boolean;
  /**
   * When the person last gave the password, in epoch milliseconds, if a session makes the change. Before some changes,
   * `access/password-question.ts` asks for it again.
   */
  readonly confirmedAt?: number;
}

/** Who makes a change, and when, in epoch milliseconds. */
export interface By {
  readonly actor: Actor;
  readonly at: number;
}

/** The person who runs a command on the server. */
export const operator: Actor = { kind: 'command-line', id: null, name: null };
/** The person who opens the one-time link that creates the first administrator. */
export const setupLinkHolder: Actor = { kind: 'setup-link', id: null, name: null, isInPanel: true };

/** Returns an account as an actor on itself. */
export function oneself({ id, username }: { readonly id: number; readonly username: string }): Actor {
  return { kind: 'self', id, name: username };
}

/**
 * Returns the text that the API and the commands show for an actor: `account 2 alice`, `api-key backup`, `me`, `command
 * line`.
 */
export function actorText({ kind, id, name }: Actor): string {
  switch (kind) {
    case 'account':
      return `account ${id ?? ''} ${name ?? ''}`;
    case 'api-key':
      return `api-key ${name ?? id ?? ''}`;
    case 'self':
      return 'me';
    case 'command-line':
      return 'command line';
    case 'setup-link':
      return 'the one-time link';
    case 'unknown':
      return name ?? 'unknown';
  }
}

export function actorColumns(actor: Actor | null): ActorColumns {
  return { actor_kind: actor?.kind ?? null, actor_id: actor?.id ?? null, actor_name: actor?.name ?? null };
}

export function actorOfColumns({ actor_kind: kind, actor_id: id, actor_name: name }: ActorColumns): Actor | null {
  if (kind === null) return null;
  const known = actorKinds.find((each) => each === kind);
  // A later version may have recorded a kind that this one does not know.
  return known === undefined ? { kind: 'unknown', id, name: name ?? kind } : { kind: known, id, name };
}
