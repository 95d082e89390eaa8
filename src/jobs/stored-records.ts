import type { LastUses } from '../access/last-uses.ts';
import type { DeviceUses } from '../devices/device-uses.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Deliveries } from '../provisioning/deliveries.ts';

/** The writers of records that must not be lost. */
export interface Writers {
  readonly deliveries: Deliveries;
  readonly deviceUses: DeviceUses;
  readonly keyUses: LastUses;
  readonly events: EventLog;
}

/** The records that each writer could not write before its process ended, in JSON. */
export type Unwritten = { readonly [Name in keyof Writers]: Awaited<ReturnType<Writers[Name]['close']>> };

type Fields = Readonly<Record<string, unknown>>;

/** Returns whether a value has the records of all writers. The file may be damaged, or from another version. */
export function isUnwritten(value: unknown): value is Unwritten {
  return (
    isObject(value) &&
    areAll(value.deliveries, isEnded) &&
    areAll(value.deviceUses, ({ id, use }) => isNumber(id) && (use === undefined || isObject(use))) &&
    areAll(value.keyUses, ({ id, at }) => isNumber(id) && isNumber(at)) &&
    areAll(value.events, ({ at, kind, spaceId }) => isNumber(at) && isText(kind) && isNumber(spaceId))
  );
}

function isEnded({ claim, at, outcome }: Fields): boolean {
  return (
    isObject(claim) &&
    isText(claim.id) &&
    [claim.tokenId, claim.accountId, claim.spaceId, at].every(isNumber) &&
    (outcome === 'delivered' || outcome === 'lost')
  );
}

function areAll(value: unknown, isRecord: (fields: Fields) => boolean): boolean {
  return Array.isArray(value) && value.every((each: unknown) => isObject(each) && isRecord(each));
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isNumber(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
