import type { Db } from '../storage/tables.ts';
import { type Device, type DeviceUse, recordDeviceEnd, recordDeviceUse } from './device-store.ts';

/** A stored last use may lag by this much. */
const lagMs = 60_000;

/** When devices were last seen, written down in batches off the hot path; the end of one at once. */
export class DeviceUses {
  readonly #db: Db;
  readonly #onError: (error: unknown) => void;
  #waiting = new Map<number, DeviceUse>();
  /** Of this process. Kept after it was written down, as a replay may have read the device before: a number each. */
  readonly #ended = new Set<number>();
  #writing: Promise<void> = Promise.resolve();

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
    this.#ended.add(device.id);
    const write = async () => {
      try {
        await recordDeviceEnd(this.#db, device.id, now);
      } catch (error) {
        this.#ended.delete(device.id);
        this.#onError(error);
      }
    };
    this.#writing = this.#writing.then(write);
  }

  hasEnded(device: Device): boolean {
    return device.endedAt !== null || this.#ended.has(device.id);
  }

  async flush(): Promise<void> {
    await this.#writing;
    if (this.#waiting.size === 0) return;
    const uses = this.#waiting;
    this.#waiting = new Map();
    await this.#db.transaction().execute(async (db) => {
      // In one order, so that two nodes that write the same devices do not deadlock.
      for (const [id, use] of [...uses].sort(([a], [b]) => a - b)) await recordDeviceUse(db, id, use);
    });
  }
}
