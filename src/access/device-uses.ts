import type { Db } from '../storage/tables.ts';
import { type Device, type DeviceUse, recordDeviceEnd, recordDeviceUse } from './device-store.ts';

/** A stored last use may lag by this much. */
const lagMs = 60_000;

/** When devices were last seen, written down in batches off the hot path; the end of one at once. */
export class DeviceUses {
  readonly #db: Db;
  readonly #onError: (error: unknown) => void;
  #waiting = new Map<number, DeviceUse>();
  /** Being written down: a replay may come sooner than that. */
  readonly #ended = new Map<number, Promise<void>>();

  constructor(db: Db, onError: (error: unknown) => void) {
    this.#db = db;
    this.#onError = onError;
  }

  record(device: Device, use: DeviceUse): void {
    const changed =
      use.agent !== device.agent ||
      use.address !== device.address ||
      use.algorithms.join() !== device.algorithms.join();
    if (changed || use.at - device.lastSeenAt >= lagMs) this.#waiting.set(device.id, use);
  }

  /** The device was told that it is revoked. */
  ended(device: Device, now: number): void {
    const writing = recordDeviceEnd(this.#db, device.id, now)
      .catch(this.#onError)
      .finally(() => this.#ended.delete(device.id));
    this.#ended.set(device.id, writing);
  }

  hasEnded(device: Device): boolean {
    return device.endedAt !== null || this.#ended.has(device.id);
  }

  async flush(): Promise<void> {
    await Promise.all(this.#ended.values());
    if (this.#waiting.size === 0) return;
    const uses = this.#waiting;
    this.#waiting = new Map();
    await this.#db.transaction().execute(async (db) => {
      // In one order, so that two nodes that write the same devices do not deadlock.
      for (const [id, use] of [...uses].sort(([a], [b]) => a - b)) await recordDeviceUse(db, id, use);
    });
  }
}
