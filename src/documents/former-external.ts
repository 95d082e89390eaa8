import type { AllGiven, GivenCredentials } from '../devices/given-credentials.ts';
import { type Document, documentOf, mergeDocuments } from '../lpconfig/document.ts';
import { nextFree } from './account-layer.ts';
import { credentialsIn } from './build-document.ts';
import { endedProxy, firstIsDefault, replacesByPlace, worthless } from './ending-document.ts';

/**
 * Returns the account's document with entries that remove a former external account from the phone, which keeps
 * whatever a document does not mention. The entries take the place of the external account, and make the first account
 * the default, because the external account may have been it. A phone before 5.4 has no more credentials than places
 * from us, and the places after those may hold another account's.
 */
export function withoutFormerExternal(
  document: Document,
  former: readonly GivenCredentials[],
  { credentialPlaces }: AllGiven,
  agent: string,
): Document {
  if (former.length === 0) return document;
  const left = Math.max(0, credentialPlaces - credentialsIn(document).length);
  const removed = replacesByPlace(agent) ? former.slice(0, left) : former;
  const ended = { [nextFree(document, 'proxy_')]: endedProxy, sip: firstIsDefault };
  return removed.reduce(
    (merged, each) => withSections(merged, { [nextFree(merged, 'auth_info_')]: worthless(each) }),
    withSections(document, ended),
  );
}

function withSections(document: Document, sections: Record<string, Record<string, string>>): Document {
  return mergeDocuments(document, documentOf(sections, { layer: 'server' }));
}
