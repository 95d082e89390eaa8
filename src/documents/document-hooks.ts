import type { Account } from '../accounts/account.ts';
import type { Document } from '../lpconfig/document.ts';
import type { Space } from '../spaces/space.ts';
import type { SectionRole } from './account-layer.ts';

/** The parts of the request that a hook sees. */
export interface ProvisioningRequest {
  readonly method: string;
  /** The path and query for the hook. For base documents, the path is always `/provisioning`. */
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
  /** The sections that `proxy` and `auth` hooks are called for. */
  readonly roles: readonly SectionRole[];
}

/** The operator's hooks. They take a document and return one. If a hook throws, the phone gets no document. */
export interface DocumentHooks {
  /** Whether a hook can change base documents. */
  readonly changesBaseDocuments: boolean;
  apply(document: Document, subject: HookSubject): Promise<Document>;
}
