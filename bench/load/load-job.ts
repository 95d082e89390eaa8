/** What the load generator, a process of its own, is told to do. */
export interface LoadJob {
  readonly port: number;
  readonly connections: number;
  /** No request is started after this many seconds, nor after this many requests. */
  readonly seconds: number;
  readonly requests?: number;
  /** How long a connection waits after each answer; by default, not at all. */
  readonly pauseMs?: number;
  readonly plan: RequestPlan;
  /** The run ends at the first answer that differs from this. */
  readonly expected: ExpectedAnswer;
}

/** The requests to send: always the same text, one for each value, or signed by HTTP Digest. */
export type RequestPlan = { readonly kind: 'same'; readonly text: string } | ValuesPlan | DigestPlan;

/** Each request contains the next one of the values. */
export interface ValuesPlan {
  readonly kind: 'values';
  readonly before: string;
  readonly values: readonly string[];
  readonly after: string;
  /** Whether to start again after the last value; otherwise the run stops. */
  readonly repeat: boolean;
}

/** HTTP Digest by SHA-256: one challenge for each connection, answered with an `nc` that counts up. */
export interface DigestPlan {
  readonly kind: 'digest';
  /** The request up to and including the name of the `Authorization` header. */
  readonly before: string;
  readonly username: string;
  readonly realm: string;
  readonly uri: string;
  readonly ha1: string;
  readonly nonces: readonly string[];
}

/** What every answer must be. Fields that are left out are not checked. */
export interface ExpectedAnswer {
  readonly status?: number;
  readonly bodyLength?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds from sending a request to receiving the end of its answer. */
  readonly p50: number;
  readonly p99: number;
  /** The share of the time in which the generator itself was busy. Near 1, the generator is the bottleneck. */
  readonly generatorLoad: number;
}
