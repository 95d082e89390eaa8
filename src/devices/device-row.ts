import { isAlgorithm } from '../sip/ha1.ts';
import type { Device } from './device.ts';
import type { GivenCredentials } from './given-credentials.ts';

export const deviceColumns = [
  'devices.id as device_id',
  'devices.account_id',
  'devices.token_id',
  'devices.uuid',
  'devices.public_id',
  'devices.key_hash',
  'devices.key_alone',
  'devices.key_used_at',
  'devices.name as device_name',
  'devices.agent',
  'devices.address',
  'devices.version as device_version',
  'devices.algorithms',
  'devices.credentials',
  'devices.credential_places',
  'devices.first_seen_at',
  'devices.last_seen_at',
  'devices.revoked_at',
  'devices.ended_at',
] as const;

export interface DeviceRow {
  device_id: number;
  account_id: number;
  token_id: number;
  uuid: string;
  public_id: string | null;
  key_hash: string | null;
  key_alone: number;
  key_used_at: number | null;
  device_name: string;
  agent: string;
  address: string;
  device_version: string | null;
  algorithms: string;
  credentials: string;
  credential_places: number;
  first_seen_at: number;
  last_seen_at: number;
  revoked_at: number | null;
  ended_at: number | null;
}

export function deviceOf(row: DeviceRow): Device {
  return {
    id: row.device_id,
    accountId: row.account_id,
    tokenId: row.token_id,
    uuid: row.uuid,
    publicId: row.public_id,
    keyHash: row.key_hash,
    keyAlone: row.key_alone === 1,
    keyUsedAt: row.key_used_at,
    name: row.device_name,
    agent: row.agent,
    address: row.address,
    version: row.device_version,
    algorithms: row.algorithms.split(',').filter(isAlgorithm),
    credentials: JSON.parse(row.credentials) as GivenCredentials[],
    credentialPlaces: row.credential_places,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    revokedAt: row.revoked_at,
    endedAt: row.ended_at,
  };
}
