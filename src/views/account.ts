import { Type } from 'typebox';
import type { AccountInSpace } from '../accounts/account.ts';
import { nullable } from '../lib/check-shape.ts';
import { sipUri } from '../sip/sip-uri.ts';
import type { IssuedToken } from '../tokens/issue-token.ts';
import { isoDate } from './iso-date.ts';

export const accountAnswer = Type.Object({
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
  created_at: Type.String({ format: 'date-time' }),
  updated_at: Type.String({ format: 'date-time' }),
  provisioning_token: Type.Optional(Type.String({ description: 'Only in the answer to the request that issued it.' })),
  provisioning_token_expire_at: Type.Optional(nullable(Type.String({ format: 'date-time' }))),
});

/** Returns an account as clients of FlexiAPI expect it, with the token only if it was just issued. */
export function accountJson({ account, space }: AccountInSpace, issued?: IssuedToken) {
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
    created_at: isoDate(account.createdAt),
    updated_at: isoDate(account.updatedAt),
    ...(issued === undefined
      ? {}
      : { provisioning_token: issued.token, provisioning_token_expire_at: isoDate(issued.expiresAt) }),
  };
}
