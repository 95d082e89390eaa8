import type { Account } from '../accounts/account.ts';
import type { SectionRole } from '../documents/account-layer.ts';
import type { DocumentHooks, HookSubject } from '../documents/document-hooks.ts';
import { AppError } from '../errors.ts';
import type { DocumentEditor, HookAccount, HookContext, Hooks } from './contract.ts';
import { type Draft, draftOf, editDocument, hasSection } from './edit-document.ts';
import { accountFacts, contactFacts, credentialFacts, requestFacts, spaceFacts } from './facts.ts';
import { type HookFailure, withoutSecrets } from './hook-failure.ts';
import { withTimeLimit } from './time-limit.ts';

export interface HookOptions {
  contactsOf(account: Account): Promise<readonly Account[]>;
  /** Returns the domain of a contact's space. Contacts in an unknown space are left out. */
  domainOf(spaceId: number): string | undefined;
  /** Called for each failure before the request fails. */
  onFailure(failure: HookFailure): void;
  readonly limits?: HookLimits | undefined;
  /** Returns milliseconds since an arbitrary moment. */
  elapsed(): number;
}

export interface HookLimits {
  readonly eachMs: number;
  /** The limit for all hooks of one document. */
  readonly togetherMs: number;
}

/** One call of a hook, with its section, if it has one. */
interface Call {
  readonly hook: keyof Hooks;
  readonly section: string | null;
  run(document: DocumentEditor, context: HookContext): unknown;
}

const defaultLimits: HookLimits = { eachMs: 2000, togetherMs: 5000 };

/**
 * Prepares the operator's hooks. `apply` throws `hook-failed` if a hook throws, takes too long or sets an invalid
 * entry.
 */
export function documentHooks(hooks: Hooks, options: HookOptions): DocumentHooks {
  const { limits = defaultLimits, elapsed } = options;
  return {
    changesBaseDocuments: hooks.document !== undefined,
    async apply(document, subject) {
      const calls = callsOf(hooks, subject, await shownAccount(subject, options));
      const draft = draftOf(document);
      let left = limits.togetherMs;
      for (const call of calls) {
        // An earlier hook may have removed the section.
        if (call.section !== null && !hasSection(draft, call.section)) continue;
        const started = elapsed();
        try {
          await withTimeLimit(Math.max(0, Math.min(limits.eachMs, left)), timeUp(limits, left), (signal) =>
            runCall(call, draft, subject, signal),
          );
        } catch (thrown) {
          throw failed(call, withoutSecrets(thrown, subject), subject, options);
        }
        left -= elapsed() - started;
      }
      return draft;
    },
  };
}

/** Calls the hook with an editor of the draft, and closes the editor afterwards. */
async function runCall(call: Call, draft: Draft, subject: HookSubject, signal: AbortSignal): Promise<void> {
  const editing = editDocument(draft, `hook ${call.hook}`);
  // Added before any listener of the hook, so that the document is closed first.
  signal.addEventListener('abort', editing.close);
  try {
    const context = { request: requestFacts(subject.request), space: spaceFacts(subject.space), signal };
    await call.run(editing.document, context);
  } finally {
    editing.close();
  }
}

async function shownAccount({ account, space }: HookSubject, options: HookOptions): Promise<HookAccount | null> {
  if (account === undefined) return null;
  const contacts = await options.contactsOf(account);
  const shown = contacts.flatMap((contact) => {
    const domain = options.domainOf(contact.spaceId);
    return domain === undefined ? [] : [contactFacts(contact, domain)];
  });
  return accountFacts(account, space.domain, shown);
}

/** Returns the calls of `proxy` and `auth` for each of their sections, then the call of `document`. */
function callsOf(hooks: Hooks, subject: HookSubject, shown: HookAccount | null): Call[] {
  const calls = shown === null ? [] : subject.roles.flatMap((role) => callsFor(role, hooks, subject, shown));
  if (hooks.document !== undefined) {
    const run: Call['run'] = (document, context) => hooks.document?.(document, { ...context, account: shown });
    calls.push({ hook: 'document', section: null, run });
  }
  return calls;
}

function callsFor(role: SectionRole, hooks: Hooks, { account, space }: HookSubject, shown: HookAccount): Call[] {
  const { kind, section, external, ha1 } = role;
  const about = { account: shown, external };
  if (kind === 'proxy' && hooks.proxy !== undefined) {
    const run: Call['run'] = (document, context) =>
      hooks.proxy?.(document.section(section), { ...context, ...about, document });
    return [{ hook: kind, section, run }];
  }
  if (kind === 'auth' && hooks.auth !== undefined && account !== undefined && ha1 !== undefined) {
    const credentials = credentialFacts(account, space, ha1, external);
    const run: Call['run'] = (document, context) =>
      hooks.auth?.(document.section(section), { ...context, ...about, document, credentials });
    return [{ hook: kind, section, run }];
  }
  return [];
}

function timeUp(limits: HookLimits, left: number): string {
  return left < limits.eachMs
    ? `The hooks took longer than ${limits.togetherMs / 1000} s together.`
    : `The hook took longer than ${limits.eachMs / 1000} s.`;
}

function failed({ hook, section }: Call, cause: Error, subject: HookSubject, options: HookOptions): AppError {
  options.onFailure({
    hook,
    section,
    space: subject.space.domain,
    accountId: subject.account?.id ?? null,
    stack: cause.stack ?? cause.message,
  });
  return new AppError('hook-failed', { hook }, { cause });
}
