import type { DtmfProtocol, ExternalProtocol } from '../accounts/account.ts';
import type { Algorithm } from '../sip/ha1.ts';

/**
 * What a hooks file exports as its default: `export default { … } satisfies Hooks`. Every hook may be left out, and may be
 * async; what it returns is awaited and then ignored.
 *
 * A hook has 2 seconds, all hooks of one answer together 5. One that throws, takes longer, or sets what no phone can take
 * ends the request with 500: no token is used up, no password changed, and the log has the hook's name and stack.
 */
export interface Hooks {
  readonly proxy?: ProxyHook;
  readonly auth?: AuthHook;
  readonly document?: DocumentHook;
}

/** Runs for each `proxy_N` section that the server wrote: the account's, then its external account's. */
export type ProxyHook = (section: SectionEditor, context: ProxyContext) => unknown;

/** Runs for each `auth_info_N` section that the server wrote: one for each algorithm of each of the two accounts. */
export type AuthHook = (section: SectionEditor, context: AuthContext) => unknown;

/** Runs last, once for each document; also for base documents, where the context's `account` is null. */
export type DocumentHook = (document: DocumentEditor, context: DocumentContext) => unknown;

/** The document under work. A section is there as long as it has an entry. */
export interface DocumentEditor {
  /** The section of that name, made by its first entry if there is none. Throws if the name is not allowed. */
  section(name: string): SectionEditor;
  findSection(name: string): SectionEditor | undefined;
  /** All sections, in the document's order. */
  sections(): readonly SectionEditor[];
  /** Takes the section out of the document; the phone keeps what it may have of it. */
  removeSection(name: string): void;
}

/** One section of the document. Names are 1 to 100 of `A-Z a-z 0-9 _ . : -`. */
export interface SectionEditor {
  readonly name: string;
  /** The value of an entry, undefined if there is none. */
  get(name: string): string | undefined;
  /**
   * Adds or changes an entry. The value is text without control characters, `name=value` at most 16,000 bytes of UTF-8;
   * anything else is refused by an error at once. An empty value makes the phone delete its own.
   */
  set(name: string, value: string, options?: SetOptions): void;
  /** Takes the entry out of the document; the phone keeps the value that it may have. */
  remove(name: string): void;
  /** All entries, in the document's order. */
  entries(): readonly DocumentEntry[];
}

export interface SetOptions {
  /** Default true. With false the phone takes the value only if it has none yet. */
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
  /** Aborted when the hook's time is up: hand it to `fetch` and whatever else waits. */
  readonly signal: AbortSignal;
}

export interface ProxyContext extends HookContext {
  readonly account: HookAccount;
  /** The document that the section is part of. */
  readonly document: DocumentEditor;
  /** Whether the section is about the external account. */
  readonly external: boolean;
}

export interface AuthContext extends ProxyContext {
  /** What the section makes the phone sign in with. */
  readonly credentials: HookCredentials;
}

export interface DocumentContext extends HookContext {
  /** Null for a base document, which is for anyone. */
  readonly account: HookAccount | null;
}

/** The request that is answered. For a base document always `GET /provisioning`, with the query that was sent. */
export interface HookRequest {
  readonly method: string;
  /** Path and query. The path may hold a token that is still valid: keep it out of logs and other services. */
  readonly url: string;
  /** A copy for each hook. */
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
  /** The host name by which phones reach this space, null for the instance's own. */
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

/** The account as this answer leaves it: one that a token activates is activated already. */
export interface HookAccount extends HookContact {
  readonly admin: boolean;
  readonly activated: boolean;
  readonly blocked: boolean;
  /** ISO 8601, in UTC. */
  readonly createdAt: string;
  readonly contacts: readonly HookContact[];
  readonly external: HookExternalAccount | null;
}

/** An account at another SIP service, without its secrets. */
export interface HookExternalAccount {
  readonly username: string;
  readonly domain: string;
  readonly sipUri: string;
  readonly realm: string;
  /** A SIP URI with its transport. */
  readonly registrar: string;
  /** As it was entered: a host, `host:port` or SIP URI. */
  readonly outboundProxy: string | null;
  readonly protocol: ExternalProtocol;
}

/** As good as a password at that realm: keep it out of logs and other services. */
export interface HookCredentials {
  readonly username: string;
  readonly realm: string;
  readonly algorithm: Algorithm;
  /** Lowercase hex. */
  readonly ha1: string;
}
