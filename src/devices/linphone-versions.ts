import { setImmediate as turn } from 'node:timers/promises';
import { readAgent } from '../sip/device-name.ts';
import type { Database } from '../storage/database.ts';
import { type AgentCount, countDeviceAgents } from './device-agent-store.ts';

/** How many phones of a space use a version of an app. */
export interface VersionCount {
  /** For example `Linphone on Android`. */
  readonly app: string;
  readonly version: string;
  readonly phones: number;
}

type Counts = Map<number, Map<string, VersionCount>>;

const rowsAtOnce = 1_000;
/** The first pass over a million devices should take minutes, but no request should wait long for its turn. */
const stepsOfWalk = 20;

/**
 * Counts which versions of Linphone are in use. It reads a thousand devices at a time, so that requests do not wait
 * even with a million devices. The counts are those of the latest complete pass.
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

  /** Reads the next devices of the current pass. Concurrent calls share one run. */
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
    const counts = await countDeviceAgents(this.#database, this.#after, rowsAtOnce);
    for (const each of counts) add(this.#counting, each);
    this.#after = Math.max(this.#after, ...counts.map(({ lastId }) => lastId));
    if (counts.reduce((sum, { phones }) => sum + phones, 0) === rowsAtOnce) return;
    this.#known = this.#counting;
    this.#counting = new Map();
    this.#after = 0;
  }

  /** Returns the versions that a space uses, the most frequent first. The first call reads the first devices. */
  async ofSpace(spaceId: number): Promise<VersionCount[]> {
    if (this.#known === undefined) await this.walk();
    const counts = (this.#known ?? this.#counting).get(spaceId) ?? new Map<string, VersionCount>();
    return [...counts.values()].toSorted((one, other) => other.phones - one.phones);
  }
}

function add(counts: Counts, { spaceId, agent, phones }: AgentCount): void {
  const { app, version } = readAgent(agent);
  const ofSpace = counts.get(spaceId) ?? new Map<string, VersionCount>();
  counts.set(spaceId, ofSpace);
  const key = `${app} ${version}`;
  const known = ofSpace.get(key);
  ofSpace.set(key, { app: app ?? '', version: version ?? '', phones: (known?.phones ?? 0) + phones });
}
