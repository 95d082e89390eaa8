import { readRevision } from '../cluster/revision-store.ts';
import { AppError } from '../errors.ts';
import { trimBlanks } from '../lib/trim-blanks.ts';
import type { Db } from '../storage/tables.ts';
import type { Space } from './space.ts';
import { listSpaces } from './space-store.ts';

/** Keeps all spaces in memory, because every request needs its space. */
export class SpaceDirectory {
  readonly #db: Db;
  #revision = -1;
  #all: readonly Space[] = [];
  #byId = new Map<number, Space>();
  #byDomain = new Map<string, Space>();
  #byHost = new Map<string, Space>();

  constructor(db: Db) {
    this.#db = db;
  }

  static async open(db: Db): Promise<SpaceDirectory> {
    const directory = new SpaceDirectory(db);
    await directory.refresh();
    return directory;
  }

  /** Loads the spaces again if this or another process has changed them. Otherwise, it costs one small query. */
  async refresh(): Promise<void> {
    const known = this.#revision;
    // The revision is read first. If a change comes in between, the spaces are loaded once more, so that no change is
    // missed.
    const revision = await readRevision(this.#db, 'spaces');
    if (revision === this.#revision) return;
    const all = await listSpaces(this.#db);
    // Another call may have loaded a newer list meanwhile.
    if (this.#revision !== known && this.#revision >= revision) return;
    this.#all = all;
    this.#byId = new Map(all.map((space) => [space.id, space]));
    this.#byDomain = new Map(all.map((space) => [space.domain, space]));
    this.#byHost = spacesByHost(all);
    this.#revision = revision;
  }

  get all(): readonly Space[] {
    return this.#all;
  }

  /** The space that was created with the database. It applies if nothing selects another one. */
  get first(): Space {
    const [first] = this.#all;
    if (first === undefined) throw new AppError('database-unavailable', { why: 'no-space' });
    return first;
  }

  /** The oldest space whose administrators manage all spaces. */
  get firstSuper(): Space {
    const space = this.#all.find((each) => each.super);
    if (space === undefined) throw new AppError('database-unavailable', { why: 'no-space' });
    return space;
  }

  findById(id: number): Space | undefined {
    return this.#byId.get(id);
  }

  /**
   * Returns the space of a row that was read from the database. Another process may have created it a moment ago: if it
   * is unknown, the spaces are read again first.
   */
  async findByRow({ spaceId }: { readonly spaceId: number }): Promise<Space | undefined> {
    if (!this.#byId.has(spaceId)) await this.refresh();
    return this.#byId.get(spaceId);
  }

  getById(id: number): Space {
    const space = this.#byId.get(id);
    if (space === undefined) throw new AppError('not-found', { what: 'space-of-account' });
    return space;
  }

  findByDomain(domain: string): Space | undefined {
    return this.#byDomain.get(domain.toLowerCase());
  }

  getByDomain(domain: string): Space {
    const space = this.findByDomain(trimBlanks(domain));
    if (space === undefined) throw new AppError('not-found', { what: 'space', name: domain });
    return space;
  }

  /** Returns the space whose `host` a request was sent to, or by default the first one. */
  forHost(hostHeader: string | undefined): Space {
    if (hostHeader === undefined || this.#byHost.size === 0) return this.first;
    const host = hostHeader.toLowerCase();
    return this.#byHost.get(host) ?? this.#byHost.get(hostName(host)) ?? this.first;
  }
}

/**
 * Returns the spaces by host, and by host without port. If several spaces have the same name without port, the oldest
 * is used.
 */
function spacesByHost(spaces: readonly Space[]): Map<string, Space> {
  const byHost = new Map<string, Space>();
  for (const space of spaces) if (space.host !== null) byHost.set(space.host, space);
  for (const space of spaces) {
    const name = space.host === null ? undefined : hostName(space.host);
    if (name !== undefined && !byHost.has(name)) byHost.set(name, space);
  }
  return byHost;
}

/** Returns the host without its port, because only some proxies and clients send the port. */
function hostName(host: string): string {
  return host.replace(/:\d+$/, '');
}
