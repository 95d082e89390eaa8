import type { DtmfProtocol, ExternalProtocol } from '../accounts/account.ts';
import type { Algorithm } from '../sip/ha1.ts';

/**
 * The default export of a hooks file: `export default { … } satisfies Hooks`. Every hook is optional and may be async.
 * The server awaits what it returns, and ignores the value.
 *
 * A hook has 2 seconds; all hooks of one answer together have 5. If a hook throws, takes longer, or sets a value that
 * phones cannot read, the request fails with 500: no token is used up, no password changes, and the log has the hook's
 * name and stack.
 */
export interface Hooks {
  readonly proxy?: ProxyHook;
  readonly auth?: AuthHook;
  readonly document?: DocumentHook;
}

/** Runs for each `proxy_N` section that the server wrote: first for the account, then for its external account. */
export type ProxyHook = (section: SectionEditor, context: ProxyContext) => unknown;

/** Runs for each `auth_info_N` section that the server wrote: one for each algorithm of each of the two accounts. */
export type AuthHook = (section: SectionEditor, context: AuthContext) => unknown;

/** Runs last, once for each document. In a base document, the context's `account` is null. */
export type DocumentHook = (document: DocumentEditor, context: DocumentContext) => unknown;

/** The document before it is sent. A section exists as long as it has an entry. */
export interface DocumentEditor {
  /** Returns the section with this name. Its first entry creates it. Throws if the name is not allowed. */
  section(name: string): SectionEditor;
  findSection(name: string): SectionEditor | undefined;
  /** Returns all sections, in the order of the document. */
  sections(): readonly SectionEditor[];
  /** Removes the section from the document. A phone that already has its entries keeps them. */
  removeSection(name: string): void;
}

/** One section of the document. Names are 1 to 100 of `A-Z a-z 0-9 _ . : -`, and in keys also `/`. */
export interface SectionEditor {
  readonly name: string;
  /** Returns the value of an entry, or undefined if there is none. */
  get(name: string): string | undefined;
  /**
   * Adds or changes an entry. The value is text without control characters, and `name=value` has at most 16,000 bytes
   * of UTF-8. User names, realms and display names do not begin or end with a space. Throws immediately otherwise. An
   * empty value makes the phone delete its own value.
   */
  set(name: string, value: string, options?: SetOptions): void;
  /** Removes the entry from the document. A phone that already has a value keeps it. */
  remove(name: string): void;
  /** Returns all entries, in the order of the document. */
  entries(): readonly DocumentEntry[];
}

export interface SetOptions {
  /** True by default. If false, the phone takes the value only if it has none yet. */
  readonly overwrite?: boolean;
}

export interface DocumentEntry {
  readonly name: string;
  readonly value: string;
  readonly overwrite: boolean;
}

export interface HookContext {
  readonly request: HookRequest;
  readonly space: HookSpace;
  /** Aborted when the hook's time is up. Pass it to `fetch` and to everything else that waits. */
  readonly signal: AbortSignal;
}

export interface ProxyContext extends HookContext {
  readonly account: HookAccount;
  /** The document that contains the section. */
  readonly document: DocumentEditor;
  /** Whether the section belongs to the external account. */
  readonly external: boolean;
}

export interface AuthContext extends ProxyContext {
  /** The credentials in the section, with which the phone signs in. */
  readonly credentials: HookCredentials;
}

export interface DocumentContext extends HookContext {
  /** Null for a base document, which anyone can fetch. */
  readonly account: HookAccount | null;
}

/** The request for the document. For a base document, always `GET /provisioning` with the query that was sent. */
export interface HookRequest {
  readonly method: string;
  /**
   * Path and query, without the parameter `device`. The path may contain a token that is still valid: keep it out of
   * logs and other services.
   */
  readonly url: string;
  /** Each hook gets its own copy. */
  readonly query: URLSearchParams;
  /**
   * By name in lower case, without `authorization`, `proxy-authorization`, `cookie`, `x-api-key` and
   * `x-device-key`.
   */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The client's IP address. */
  readonly address: string;
}

export interface HookSpace {
  readonly domain: string;
  readonly name: string;
  /** The host name at which phones reach this space, or null for that of the instance. */
  readonly host: string | null;
  /** A SIP URI: `sip:sip.example.com;transport=tls`. */
  readonly registrar: string;
  readonly realm: string;
}

export interface HookContact {
  readonly id: number;
  readonly username: string;
  readonly domain: string;
  /** `sip:alice@sip.example.com`. */
  readonly sipUri: string;
  readonly displayName: string | null;
  readonly email: string | null;
  /** E.164: `+33601020304`. */
  readonly phone: string | null;
  readonly dtmfProtocol: DtmfProtocol;
}

/** The account as it is after this answer: if a token activates it, it is already activated here. */
export interface HookAccount extends HookContact {
  readonly admin: boolean;
  readonly activated: boolean;
  readonly blocked: boolean;
  /** The account's own linphonerc text, which the document already contains. */
  readonly linphonerc: string;
  /** ISO 8601, in UTC. */
  readonly createdAt: string;
  readonly contacts: readonly HookContact[];
  readonly external: HookExternalAccount | null;
}

/** An account at another SIP service, without its secrets. */
export interface HookExternalAccount {
  readonly username: string;
  /** The user for authentication; null: `username`. */
  readonly authUsername: string | null;
  readonly domain: string;
  readonly sipUri: string;
  readonly realm: string;
  /** A SIP URI with its transport. */
  readonly registrar: string;
  /** As it was entered: a host, `host:port` or a SIP URI. */
  readonly outboundProxy: string | null;
  readonly protocol: ExternalProtocol;
}

/** Equivalent to the password for its realm: keep it out of logs and other services. */
export interface HookCredentials {
  readonly username: string;
  readonly realm: string;
  readonly algorithm: Algorithm;
  /** Lowercase hex. */
  readonly ha1: string;
}
