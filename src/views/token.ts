import { Type } from 'typebox';
import type { ListedDevice } from '../devices/device.ts';
import { actorText } from '../events/actor.ts';
import { nullable } from '../lib/check-shape.ts';
import type { IssuedToken } from '../tokens/issue-token.ts';
import { type ListedToken, stateOf } from '../tokens/list-tokens.ts';
import { deviceJson } from './device.ts';
import { isoDate } from './iso-date.ts';

const instant = Type.String({ format: 'date-time' });

export const tokenAnswer = Type.Object(
  {
    id: Type.Integer(),
    prefix: nullable(Type.String({ description: 'The first letters of the secret, to tell tokens apart.' })),
    state: Type.Enum(['open', 'used', 'lost', 'expired', 'revoked']),
    issuer: nullable(
      Type.String({ description: 'Who issued it: `api-key NAME`, `account ID USERNAME`, `me` or `command line`.' }),
    ),
    created_at: instant,
    expires_at: nullable(instant),
    used_at: nullable(instant),
    revoked_at: nullable(instant),
  },
  { title: 'Token' },
);

/** Returns a provisioning token without its secret. */
export function tokenJson(token: ListedToken, now: number) {
  return {
    id: token.id,
    prefix: token.prefix,
    state: stateOf(token, now),
    issuer: token.issuer === null ? null : actorText(token.issuer),
    created_at: isoDate(token.createdAt),
    expires_at: isoDate(token.expiresAt),
    used_at: isoDate(token.claimedAt),
    revoked_at: isoDate(token.revokedAt),
  };
}

/** Returns a token that was just issued. If it sets a new password, includes the devices that will fetch it. */
export function issuedTokenJson({ token, expiresAt }: IssuedToken, url: string, devices?: readonly ListedDevice[]) {
  return {
    provisioning_token: token,
    provisioning_url: url,
    expires_at: isoDate(expiresAt),
    ...(devices === undefined ? {} : { devices: devices.map(deviceJson) }),
  };
}
