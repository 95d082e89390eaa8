import { setImmediate as turn } from 'node:timers/promises';
import { readAgent } from '../sip/device-name.ts';
import type { Database } from '../storage/database.ts';
import { type DeviceAgent, listDeviceAgents } from './device-agent-store.ts';

/** How many phones of a space have a version of an app. */
export interface VersionCount {
  /** Such as `Linphone on Android`. */
  readonly app: string;
  readonly version: string;
  readonly phones: number;
}

type Counts = Map<number, Map<string, VersionCount>>;

const rowsAtOnce = 1_000;
/** So that the first pass over a million devices takes minutes, and no request waits long for its turn. */
const stepsOfWalk = 20;

/**
 * Counts which versions of Linphone are in use, a thousand devices at a time, so that with a million of them no request
 * waits. What it knows is as old as its latest pass.
 */
export class LinphoneVersions {
  readonly #database: Database;
  #known: Counts | undefined;
  #counting: Counts = new Map();
  #after = 0;
  #walking: Promise<void> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Looks at the next devices, up to the end of the pass. Two calls at once are one. */
  walk(): Promise<void> {
    this.#walking ??= this.#walk().finally(() => {
      this.#walking = undefined;
    });
    return this.#walking;
  }

  async #walk(): Promise<void> {
    for (let steps = 0; steps < stepsOfWalk; steps += 1) {
      await this.#step();
      if (this.#after === 0) return;
      await turn();
    }
  }

  async #step(): Promise<void> {
    const devices = await listDeviceAgents(this.#database, this.#after, rowsAtOnce);
    for (const device of devices) add(this.#counting, device);
    this.#after = devices.at(-1)?.id ?? this.#after;
    if (devices.length === rowsAtOnce) return;
    this.#known = this.#counting;
    this.#counting = new Map();
    this.#after = 0;
  }

  /** Returns the versions of a space, the one of most phones first. The first time, it looks at the first devices. */
  async ofSpace(spaceId: number): Promise<VersionCount[]> {
    if (this.#known === undefined) await this.walk();
    const counts = (this.#known ?? this.#counting).get(spaceId) ?? new Map<string, VersionCount>();
    return [...counts.values()].toSorted((one, other) => other.phones - one.phones);
  }
}

function add(counts: Counts, { spaceId, agent }: DeviceAgent): void {
  const { app, version } = readAgent(agent);
  const ofSpace = counts.get(spaceId) ?? new Map<string, VersionCount>();
  counts.set(spaceId, ofSpace);
  const key = `${app} ${version}`;
  const known = ofSpace.get(key);
  ofSpace.set(key, { app: app ?? '', version: version ?? '', phones: (known?.phones ?? 0) + 1 });
}
