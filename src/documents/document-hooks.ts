import type { Account } from '../accounts/account.ts';
import type { Document } from '../lpconfig/document.ts';
import type { Space } from '../spaces/space.ts';
import type { SectionRole } from './account-layer.ts';

/** What a hook may know of the request it helps to answer. */
export interface ProvisioningRequest {
  readonly method: string;
  /** Path and query as the hook sees them; for base documents always `/provisioning` with the query. */
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly address: string;
}

export interface HookSubject {
  readonly request: ProvisioningRequest;
  readonly space: Space;
  /** Absent for base documents. */
  readonly account?: Account;
  /** The sections of the account that `proxy` and `auth` hooks are about. */
  readonly roles: readonly SectionRole[];
}

/** The operator's hooks, as the domain sees them: a document in, a document out, or an error that stops the answer. */
export interface DocumentHooks {
  /** Whether base documents depend on the request at all. */
  readonly changesBaseDocuments: boolean;
  apply(document: Document, subject: HookSubject): Promise<Document>;
}
