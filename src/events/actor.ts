const actorKinds = ['account', 'api-key', 'self', 'command-line', 'setup-link', 'unknown'] as const;

/** `self` is an account that acts on itself; `unknown` was recorded as text by a version that knew no kinds. */
export type ActorKind = (typeof actorKinds)[number];

/** Who does something, in facts that outlive the key or the account. */
export interface Actor {
  readonly kind: ActorKind;
  /** Of the account or the API key. */
  readonly id: number | null;
  /** The account's user name or the API key's name. */
  readonly name: string | null;
}

/** Who changes something, and when: epoch milliseconds. */
export interface By {
  readonly actor: Actor;
  readonly at: number;
}

/** Whoever runs a command on the server. */
export const operator: Actor = { kind: 'command-line', id: null, name: null };
/** Whoever holds the one-time link that makes the first administrator. */
export const setupLinkHolder: Actor = { kind: 'setup-link', id: null, name: null };

/** The account as an actor on itself. */
export function oneself({ id, username }: { readonly id: number; readonly username: string }): Actor {
  return { kind: 'self', id, name: username };
}

/** The text that API and commands show for an actor: `account 2 alice`, `api-key backup`, `me`, `command line`. */
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

/** An actor in the three columns that hold one. */
export interface ActorColumns {
  readonly actor_kind: string | null;
  readonly actor_id: number | null;
  readonly actor_name: string | null;
}

export function actorColumns(actor: Actor | null): ActorColumns {
  return { actor_kind: actor?.kind ?? null, actor_id: actor?.id ?? null, actor_name: actor?.name ?? null };
}

export function actorOfColumns({ actor_kind: kind, actor_id: id, actor_name: name }: ActorColumns): Actor | null {
  if (kind === null) return null;
  const known = actorKinds.find((each) => each === kind);
  // A later version may know kinds that this one does not.
  return known === undefined ? { kind: 'unknown', id, name: name ?? kind } : { kind: known, id, name };
}
