import { createHmac, hash, randomUUID, timingSafeEqual } from 'node:crypto';

export interface NoncesOptions {
  readonly secret: string | Buffer;
  /** Differs at each start, because the record of used nonces does not outlive the process. */
  readonly bootId: string;
  /** Milliseconds. */
  readonly now: () => number;
  /** Returns letters, digits and hyphens, never the same twice. */
  readonly random?: () => string;
  readonly lifetimeMs?: number;
  /** How many used nonces are remembered, at about 300 bytes each. */
  readonly maxTracked?: number;
}

/** `stale`: signed with our secret, but too old, of another boot, or no longer remembered. */
export type NonceState = 'fresh' | 'stale' | 'forged';

interface UsedNonce {
  readonly issuedAt: number;
  newestNc: number;
  /** Bit i stands for the count `newestNc - i`. */
  usedNcs: bigint;
}

/** How far an `nc` may lag behind the newest one of its nonce, because concurrent requests overtake each other. */
const windowSize = 128;

/**
 * Issues nonces that are signed instead of stored. State is kept only for nonces passed to `use`. Call `use` only after
 * a correct response, so that strangers who collect challenges cannot displace other clients. A forgotten nonce cannot
 * be replayed: all nonces issued up to the newest forgotten one become stale.
 */
export class Nonces {
  readonly #sign: (text: string) => string;
  readonly #bootTag: string;
  readonly #random: () => string;
  readonly #time: () => number;
  readonly #lifetimeMs: number;
  readonly #generationSize: number;
  /** Two generations: dropping the older map forgets the oldest nonces at once, however many there are. */
  #newer = new Map<string, UsedNonce>();
  #older = new Map<string, UsedNonce>();
  #forgottenUpTo = Number.NEGATIVE_INFINITY;

  constructor(options: NoncesOptions) {
    this.#sign = signer(options.secret);
    this.#bootTag = hash('sha256', options.bootId, 'base64url').slice(0, 16);
    this.#random = options.random ?? randomUUID;
    this.#time = forwardOnly(options.now);
    this.#lifetimeMs = options.lifetimeMs ?? 300_000;
    this.#generationSize = (options.maxTracked ?? 50_000) / 2;
  }

  issue(): string {
    const text = `${this.#bootTag}.${this.#time().toString(36)}.${this.#random()}`;
    return `${text}.${this.#sign(text)}`;
  }

  check(nonce: string): NonceState {
    const found = this.#find(nonce);
    return typeof found === 'string' ? found : 'fresh';
  }

  /**
   * Uses up the `nc` of a request with a correct response. Returns false if it is already used or lies behind the
   * window, or if the nonce is no longer fresh. The answer is then a challenge with `stale=true`.
   */
  use(nonce: string, nc: number): boolean {
    const found = this.#find(nonce);
    if (typeof found === 'string') return false;
    if (found.newestNc === 0) this.#remember(nonce, found);
    return useNc(found, nc);
  }

  #find(nonce: string): UsedNonce | 'stale' | 'forged' {
    // The signature of a remembered nonce was checked at its first use.
    const known = this.#newer.get(nonce) ?? this.#older.get(nonce);
    if (known !== undefined) return this.#isExpired(known.issuedAt) ? 'stale' : known;

    const signatureAt = nonce.lastIndexOf('.') + 1;
    const text = nonce.slice(0, Math.max(signatureAt - 1, 0));
    if (!isEqual(nonce.slice(signatureAt), this.#sign(text))) return 'forged';

    const [bootTag, issueTime = ''] = text.split('.');
    const issuedAt = Number.parseInt(issueTime, 36);
    const isForgotten = bootTag !== this.#bootTag || issuedAt <= this.#forgottenUpTo;
    return isForgotten || this.#isExpired(issuedAt) ? 'stale' : { issuedAt, newestNc: 0, usedNcs: 0n };
  }

  #isExpired(issuedAt: number): boolean {
    return this.#time() - issuedAt >= this.#lifetimeMs;
  }

  #remember(nonce: string, used: UsedNonce): void {
    if (this.#newer.size >= this.#generationSize) {
      for (const { issuedAt } of this.#older.values()) this.#forgottenUpTo = Math.max(this.#forgottenUpTo, issuedAt);
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    // A copy, because the nonce is a slice of the Authorization header, and V8 would keep the whole header in memory.
    this.#newer.set(Buffer.from(nonce).toString(), used);
  }
}

/** Uses up `nc` (at least 1) if the sliding window shows that it is unused. Returns whether it was unused. */
function useNc(nonce: UsedNonce, nc: number): boolean {
  const lead = nc - nonce.newestNc;
  if (lead <= -windowSize) return false;
  if (lead > 0) {
    // If `nc` is ahead by more than the window, no old bits remain. This avoids a shift by up to 2³² bits.
    nonce.usedNcs = lead >= windowSize ? 1n : BigInt.asUintN(windowSize, nonce.usedNcs << BigInt(lead)) | 1n;
    nonce.newestNc = nc;
    return true;
  }
  const bit = 1n << BigInt(-lead);
  if ((nonce.usedNcs & bit) !== 0n) return false;
  nonce.usedNcs |= bit;
  return true;
}

/**
 * Returns a function that signs with NMAC over SHA-256, the construction that HMAC is built on. It hashes the message
 * after one key, and that hash after another key, each as long as a block. With a single hash, a signed text could be
 * extended without the key. The two hashes take a third of the time of `createHmac`.
 */
function signer(secret: string | Buffer): (text: string) => string {
  const deriveKey = (purpose: string): string => createHmac('sha256', secret).update(purpose).digest('hex');
  const [innerKey, outerKey] = [deriveKey('digest nonce, inner'), deriveKey('digest nonce, outer')];
  return (text) => hash('sha256', outerKey + hash('sha256', innerKey + text), 'base64url');
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Returns the same clock without backward jumps, so that the times that are compared here keep their order. */
function forwardOnly(now: () => number): () => number {
  let last = now();
  let time = last;
  return () => {
    const current = now();
    time += Math.max(current - last, 0);
    last = current;
    return time;
  };
}
