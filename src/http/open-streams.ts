/** Who holds streams open (a session, a token or an address), and the limit of open streams. */
export interface Holder {
  readonly key: string;
  readonly max: number;
}

export interface OpenStream {
  /** Ends the stream. `again`: whether the page may reconnect at once. */
  end(again: boolean): void;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly openStreams: OpenStreams;
  }
}

/** The event streams that are open on this node. If a holder opens more than allowed, its oldest stream ends. */
export class OpenStreams {
  /** The streams of each holder, the oldest first. A holder has an entry while it has an open stream. */
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

  /** Ends all streams, and all that are added later, because the server stops. Pages may reconnect to another node. */
  close(): void {
    this.#isClosed = true;
    for (const stream of this.#all) stream.end(true);
  }
}
