import type { Account } from '../accounts/account.ts';
import { type Document, documentOf, mergeDocuments } from '../lpconfig/document.ts';
import { writeDocument } from '../lpconfig/write-document.ts';
import type { Space } from '../spaces/space.ts';
import { addAccount, type SectionRole } from './account-layer.ts';
import type { DocumentContext } from './context.ts';
import { turnSections } from './turn-layer.ts';

const ha1Lengths = { 'SHA-256': 64, MD5: 32 } as const;

/**
 * Returns the document for a revoked phone: it removes the account, its credentials and the provisioning address. Hooks
 * do not run.
 */
export function endingDocument(
  context: Pick<DocumentContext, 'baseDocuments' | 'publicUrl'>,
  space: Space,
  account: Account,
): string {
  const below = context.baseDocuments.layersOf(space);
  // Only used to find the sections that hold the account on the phone.
  const { document, roles } = addAccount(below, account, space, context.baseDocuments.publicUrlOf(space));
  const end = { 'config-uri': '', 'config-uri-header_0': '', transient_provisioning: '1' };
  const turn = space.turnInDocument ? endedTurn(document) : [];
  const layers = [...roles.map(ended), ...turn, documentOf({ misc: end }, { layer: 'server' })];
  return writeDocument(mergeDocuments(below, ...layers));
}

function endedTurn(document: Document): Document[] {
  const { policy, auth } = turnSections(document);
  const entries = { ref: '', stun_server: '', stun_server_username: '', protocols: '' };
  return [
    documentOf({ proxy_0: { nat_policy_ref: '' }, [policy]: entries }, { layer: 'server' }),
    ended({ kind: 'auth', section: auth, external: false, ha1: { algorithm: 'MD5', ha1: '' } }),
  ];
}

function ended({ kind, section, ha1 }: SectionRole): Document {
  const entries =
    kind === 'proxy'
      ? { reg_identity: '', reg_proxy: '', reg_route: '', reg_sendregister: '0', realm: '', idkey: '', depends_on: '' }
      : {
          username: '',
          userid: '',
          passwd: '',
          ha1: '0'.repeat(ha1Lengths[ha1?.algorithm ?? 'SHA-256']),
          realm: '',
          domain: '',
        };
  return documentOf({ [section]: entries }, { layer: 'server' });
}
