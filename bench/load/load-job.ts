/** What the load generator is told to do, in a process of its own. */
export interface LoadJob {
  readonly port: number;
  readonly connections: number;
  /** No request is begun after so many seconds, nor after so many requests. */
  readonly seconds: number;
  readonly requests?: number;
  /** How long a connection waits after each answer; without it, not at all. */
  readonly pauseMs?: number;
  readonly plan: RequestPlan;
  /** Every answer has to be like this; another one ends the run. */
  readonly expected: ExpectedAnswer;
}

/** Whole requests, ready to be sent but for what differs from one to the next. */
export type RequestPlan = { readonly kind: 'same'; readonly text: string } | ValuesPlan | DigestPlan;

/** One value after another stands in the request. */
export interface ValuesPlan {
  readonly kind: 'values';
  readonly before: string;
  readonly values: readonly string[];
  readonly after: string;
  /** Begin again after the last one, rather than stop. */
  readonly repeat: boolean;
}

/** HTTP Digest by SHA-256: one challenge for each connection, answered with an `nc` that counts up. */
export interface DigestPlan {
  readonly kind: 'digest';
  /** The request up to and including the name of the header. */
  readonly before: string;
  readonly username: string;
  readonly realm: string;
  readonly uri: string;
  readonly ha1: string;
  readonly nonces: readonly string[];
}

/** What is left out is not checked. */
export interface ExpectedAnswer {
  readonly status?: number;
  readonly bodyLength?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds from sending a request to having the whole of its answer. */
  readonly p50: number;
  readonly p99: number;
  /** The share of the time in which the generator itself was busy: near 1, it would measure itself. */
  readonly generatorLoad: number;
}
