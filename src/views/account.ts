import { Type } from 'typebox';
import type { AccountInSpace } from '../accounts/account.ts';
import { nullable } from '../lib/check-shape.ts';
import { sipUri } from '../sip/sip-uri.ts';
import type { IssuedToken } from '../tokens/issue-token.ts';
import { provisioningUrl } from '../tokens/token-urls.ts';
import { isoDate } from './iso-date.ts';

export const accountAnswer = Type.Object(
  {
    id: Type.Integer(),
    username: Type.String(),
    domain: Type.String(),
    display_name: nullable(Type.String()),
    email: nullable(Type.String()),
    phone: nullable(Type.String()),
    activated: Type.Boolean(),
    blocked: Type.Boolean(),
    admin: Type.Boolean(),
    dtmf_protocol: Type.String(),
    sip_uri: Type.String(),
    call_forwardings: Type.Array(Type.Unknown()),
    realm: nullable(Type.String()),
    passwords: Type.Array(Type.Object({ algorithm: Type.String() })),
    types: Type.Array(Type.Unknown()),
    actions: Type.Array(Type.Unknown()),
    linphonerc: Type.Optional(
      Type.String({ description: "The account's own linphonerc text; only for administrators." }),
    ),
    note: Type.Optional(nullable(Type.String({ description: 'Only for administrators.' }))),
    group: Type.Optional(nullable(Type.String({ description: 'Only for administrators.' }))),
    language: nullable(
      Type.String({ description: 'The language of mails and pages for this person; null: that of the space.' }),
    ),
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
    provisioning_token: Type.Optional(
      Type.String({ description: 'Only in the answer to the request that issued it.' }),
    ),
    provisioning_token_expire_at: Type.Optional(nullable(Type.String({ format: 'date-time' }))),
    provisioning_url: Type.Optional(Type.String({ description: 'What the phone fetches, as the QR code has it.' })),
  },
  { title: 'Account' },
);

/** Returns an account in the form that clients of FlexiAPI expect. */
export function accountJson({ account, space }: AccountInSpace) {
  return {
    id: account.id,
    username: account.username,
    domain: space.domain,
    display_name: account.displayName,
    email: account.email,
    phone: account.phone,
    activated: account.activatedAt !== null,
    blocked: account.blockedAt !== null,
    admin: account.admin,
    dtmf_protocol: account.dtmfProtocol,
    sip_uri: sipUri(account.username, space.domain),
    call_forwardings: [],
    realm: space.effectiveRealm === space.domain ? null : space.effectiveRealm,
    passwords: account.ha1s.map(({ algorithm }) => ({ algorithm })),
    types: [],
    actions: [],
    linphonerc: account.linphonerc,
    note: account.note,
    group: account.group,
    language: account.language,
    created_at: isoDate(account.createdAt),
    updated_at: isoDate(account.updatedAt),
  };
}

/** Returns an account with the token that was just issued for it. */
export function accountJsonWith({ token, expiresAt }: IssuedToken, publicUrl: string, found: AccountInSpace) {
  return {
    ...accountJson(found),
    provisioning_token: token,
    provisioning_token_expire_at: isoDate(expiresAt),
    provisioning_url: provisioningUrl(found.space, publicUrl, token),
  };
}

/** Returns an account as its own user sees it. */
export function ownAccountJson(found: AccountInSpace) {
  return ownPart(accountJson(found));
}

/** Returns an account as its own user sees it, with the token that was just issued for it. */
export function ownAccountJsonWith(issued: IssuedToken, publicUrl: string, found: AccountInSpace) {
  return ownPart(accountJsonWith(issued, publicUrl, found));
}

function ownPart<Shown extends ReturnType<typeof accountJson>>(shown: Shown) {
  const { linphonerc: _, note: __, group: ___, ...own } = shown;
  return own;
}
