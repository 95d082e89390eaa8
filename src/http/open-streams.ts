/** Who holds streams open (a session, a token, an address), and how many it may have at once. */
export interface Holder {
  readonly key: string;
  readonly max: number;
}

export interface OpenStream {
  /** `again`: whether the page may connect again at once. */
  end(again: boolean): void;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly openStreams: OpenStreams;
  }
}

/** The event streams that are open on this node. Where a holder opens one too many, the oldest of the holder's ends. */
export class OpenStreams {
  /** By holder, the oldest first. A holder has an entry while a stream is open. */
  readonly #byHolder = new Map<string, Set<OpenStream>>();
  readonly #all = new Set<OpenStream>();
  #isClosed = false;

  get size(): number {
    return this.#all.size;
  }

  get holders(): number {
    return this.#byHolder.size;
  }

  add(stream: OpenStream, holders: readonly Holder[]): void {
    for (const { key, max } of holders) {
      const streams = this.#byHolder.get(key) ?? new Set();
      const [oldest] = streams;
      this.#byHolder.set(key, streams.add(stream));
      if (streams.size > max) oldest?.end(false);
    }
    this.#all.add(stream);
    if (this.#isClosed) stream.end(true);
  }

  remove(stream: OpenStream, holders: readonly Holder[]): void {
    this.#all.delete(stream);
    for (const { key } of holders) {
      const streams = this.#byHolder.get(key);
      streams?.delete(stream);
      if (streams?.size === 0) this.#byHolder.delete(key);
    }
  }

  /** Ends all streams, and those that are added later: the server stops, and the page may ask another node. */
  close(): void {
    this.#isClosed = true;
    for (const stream of this.#all) stream.end(true);
  }
}
