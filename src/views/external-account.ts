import { Type } from 'typebox';
import type { ExternalAccount } from '../accounts/account.ts';
import { nullable } from '../lib/check-shape.ts';
import { isoDate } from './iso-date.ts';

export const externalAccountAnswer = Type.Object(
  {
    username: Type.String(),
    auth_username: nullable(Type.String()),
    domain: Type.String(),
    realm: nullable(Type.String()),
    registrar: nullable(Type.String()),
    outbound_proxy: nullable(Type.String()),
    protocol: Type.String(),
    algorithms: Type.Array(Type.String()),
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
  },
  { title: 'ExternalAccount' },
);

/** Returns an external account without its credentials. */
export function externalAccountJson(external: ExternalAccount) {
  return {
    username: external.username,
    auth_username: external.authUsername,
    domain: external.domain,
    realm: external.realm,
    registrar: external.registrar,
    outbound_proxy: external.outboundProxy,
    protocol: external.protocol,
    algorithms: external.ha1s.map(({ algorithm }) => algorithm),
    created_at: isoDate(external.createdAt),
    updated_at: isoDate(external.updatedAt),
  };
}
