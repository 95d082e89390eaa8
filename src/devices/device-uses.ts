import { BatchWriter } from '../lib/batch-writer.ts';
import { type Database, inTransaction } from '../storage/database.ts';
import type { Device } from './device.ts';
import { type DeviceNews, type DeviceUse, recordDeviceNews } from './device-store.ts';
import type { Told } from './given-store.ts';

/** A stored last use may be this much too old. */
const lagMs = 60_000;

/**
 * When devices were last seen, first used their key, and ended. Waiting changes are never dropped; there is at most one
 * entry for each device.
 */
export class DeviceUses {
  readonly #news: BatchWriter<DeviceNews, number>;
  /**
   * Devices that ended in this process. They stay here after they were written, because a repeated request may have
   * read the row before.
   */
  readonly #ended = new Set<number>();
  /** Devices that first used their key in this process. They stay here for the same reason. */
  readonly #keyUsers = new Set<number>();
  /**
   * Devices of earlier versions whose key no longer works without their address. They stay here for the same reason.
   */
  readonly #shown = new Set<number>();

  constructor(database: Database, onError: (error: unknown, lost: number) => void) {
    this.#news = new BatchWriter({
      key: ({ id }) => id,
      merge: (older, newer) => ({ ...older, ...newer }),
      write: (news) => inTransaction(database, (tx) => recordDeviceNews(tx, news)),
      onFailure: 'keep',
      everyMs: 5_000,
      maxBatch: 100,
      onError,
    });
  }

  record(device: Device, use: DeviceUse): void {
    const changed =
      use.agent !== device.agent ||
      use.address !== device.address ||
      use.algorithms.join() !== device.algorithms.join();
    if (changed || use.at - device.lastSeenAt >= lagMs) this.#news.add({ id: device.id, use });
  }

  recordKeyUse({ id, keyHash, keyAlone, keyUsedAt }: Device, at: number): void {
    if (keyHash === null || (keyUsedAt !== null && !keyAlone)) return;
    this.#keyUsers.add(id);
    this.#news.add({ id, keyUse: { keyHash, at } });
    if (!keyAlone) return;
    this.#shown.add(id);
    void this.#news.flush();
  }

  hasUsedKey({ id, keyUsedAt }: Device): boolean {
    return keyUsedAt !== null || this.#keyUsers.has(id);
  }

  hasShownAddress({ id }: Device): boolean {
    return this.#shown.has(id);
  }

  /** Notes that the device received a document that took some of its credentials away. */
  told({ id }: Device, told: Told): void {
    this.#news.add({ id, told });
    void this.#news.flush();
  }

  /** Notes that the device received the document that removes the account. */
  ended(device: Device, now: number): void {
    this.#ended.add(device.id);
    this.#news.add({ id: device.id, endedAt: now });
    void this.#news.flush();
  }

  hasEnded(device: Device): boolean {
    return device.endedAt !== null || this.#ended.has(device.id);
  }

  flush(): Promise<boolean> {
    return this.#news.flush();
  }

  /** Adds the changes that an earlier process could not write. */
  restore(news: readonly DeviceNews[]): void {
    for (const each of news) this.#news.add(each);
  }

  /** Writes all pending changes. Returns those that could not be written. */
  close(patience: AbortSignal): Promise<DeviceNews[]> {
    return this.#news.close(patience);
  }
}
