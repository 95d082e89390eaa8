import type { RateLimiterMemory } from 'rate-limiter-flexible';
import { AppError } from '../errors.ts';
import { BoundedKeys } from '../lib/bounded-keys.ts';
import { widerNetwork } from '../lib/client-address.ts';

/** Failed sign-ins are counted for this long. */
const windowSeconds = 15 * 60;
const minDelaySeconds = 30;
const maxDelaySeconds = 15 * 60;
const maxFailuresOfName = 5;
const maxNamesOfNetwork = 20;
/**
 * Only this many names, networks and pairs are counted separately, because strangers can use any number of names and
 * many networks.
 */
const bounds = { max: 20_000, maxInGroup: 16, lifetimeMs: (windowSeconds + maxDelaySeconds) * 1000 };

export interface SignInAttempt {
  /** The user name and domain that were typed, whether or not such an account exists. */
  readonly name: string;
  /** The client's address, or its /64. */
  readonly network: string;
  /** Whether that account signed in from the network recently. Strangers on other networks cannot lock it out there. */
  readonly isFamiliar: boolean;
}

/**
 * Slows down people who guess passwords. After a few failures, no password is checked until a delay is over, and each
 * further delay is twice as long. Each process counts for itself, in bounded memory. Strangers who try many names from
 * many networks cannot displace the delays of others.
 */
export class SignInLimits {
  #counters: Promise<Counters> | undefined;
  readonly #names = new BoundedKeys(bounds);
  readonly #networks = new BoundedKeys(bounds);
  readonly #pairs = new BoundedKeys(bounds);

  /**
   * Counts an attempt as failed until `succeeded` is called, so that many attempts at once do not get past the limit.
   * Throws if the person must wait.
   */
  async admit(attempt: SignInAttempt): Promise<void> {
    const { names, networks, pairs } = await this.#open();
    // People who share the address must not lock out somebody who signed in there recently.
    if (attempt.isFamiliar) return admitTo(names, this.#names.of(nameOf(attempt)));
    const network = this.#networks.of(attempt.network, widerNetwork(attempt.network));
    const pair = pairOf(attempt);
    // If a pair shares its counter with other pairs, its attempt counts as a new name of its network.
    const attempts = this.#pairs.of(pair) === pair ? (await pairs.penalty(pair)).consumedPoints : 1;
    if (attempts === 1) await admitTo(networks, network);
    else await requireOpen(networks, network);
    await admitTo(names, this.#names.of(nameOf(attempt)));
  }

  async succeeded(attempt: SignInAttempt): Promise<void> {
    const { names, networks, pairs } = await this.#open();
    const network = this.#networks.of(attempt.network, widerNetwork(attempt.network));
    if (await pairs.delete(pairOf(attempt))) await networks.failures.reward(network);
    const name = nameOf(attempt);
    // If a name shares its counter with other names, its success must not end their delays.
    if (!this.#names.has(name)) return;
    for (const each of [names.failures, names.delays, names.gate]) await each.delete(name);
  }

  /** Loads the library when somebody first signs in. */
  #open(): Promise<Counters> {
    this.#counters ??= import('rate-limiter-flexible').then(({ RateLimiterMemory: Limiter }) => ({
      names: counter(Limiter, maxFailuresOfName),
      networks: counter(Limiter, maxNamesOfNetwork),
      pairs: new Limiter({ points: 1, duration: windowSeconds }),
    }));
    return this.#counters;
  }
}

interface Counters {
  readonly names: Counter;
  readonly networks: Counter;
  /** How often each name failed from each network, so that a name counts only once for its network. */
  readonly pairs: RateLimiterMemory;
}

interface Counter {
  readonly limit: number;
  readonly failures: RateLimiterMemory;
  /** How many delays there were. If there were any, each attempt must pass the gate. */
  readonly delays: RateLimiterMemory;
  /** Closed while a delay runs. After the delay, lets one attempt through. */
  readonly gate: RateLimiterMemory;
}

function counter(Limiter: typeof RateLimiterMemory, limit: number): Counter {
  return {
    limit,
    failures: new Limiter({ points: limit, duration: windowSeconds }),
    delays: new Limiter({ points: 1, duration: windowSeconds }),
    gate: new Limiter({ points: 1, duration: minDelaySeconds }),
  };
}

async function admitTo({ limit, failures, delays, gate }: Counter, key: string): Promise<void> {
  const known = await delays.get(key);
  if (known === null) {
    const { consumedPoints: count } = await failures.penalty(key);
    if (count < limit) return;
    // This attempt ran at the same time as the one that reached the limit and closed the gate.
    if (count > limit) return passGate(gate, key);
  } else {
    await passGate(gate, key);
  }
  const count = (known?.consumedPoints ?? 0) + 1;
  const seconds = Math.min(maxDelaySeconds, minDelaySeconds * 2 ** (count - 1));
  await gate.block(key, seconds);
  await delays.set(key, count, seconds + windowSeconds);
}

async function passGate(gate: RateLimiterMemory, key: string): Promise<void> {
  try {
    await gate.consume(key);
  } catch (refusal) {
    throw mustWait(refusal);
  }
}

async function requireOpen({ gate }: Counter, key: string): Promise<void> {
  const closed = await gate.get(key);
  if (closed !== null && closed.remainingPoints <= 0 && closed.msBeforeNext > 0) throw mustWait(closed);
}

function mustWait(refusal: unknown): unknown {
  if (typeof refusal !== 'object' || refusal === null || !('msBeforeNext' in refusal)) return refusal;
  return new AppError('too-many-sign-ins', { retryAfterSeconds: Math.ceil(Number(refusal.msBeforeNext) / 1000) });
}

function pairOf({ name, network }: SignInAttempt): string {
  return `${network} ${name}`;
}

function nameOf({ name, network, isFamiliar }: SignInAttempt): string {
  // A typed name may begin with the address of a network. No network is called "anywhere", so the keys stay apart.
  return isFamiliar ? `${network} ${name}` : `anywhere ${name}`;
}
