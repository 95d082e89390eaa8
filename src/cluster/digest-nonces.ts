import { createHmac, hash, randomUUID, timingSafeEqual } from 'node:crypto';

export interface NoncesOptions {
  readonly secret: string | Buffer;
  /** Differs at each start: what is known of used nonces does not outlive the process. */
  readonly bootId: string;
  /** Milliseconds. */
  readonly now: () => number;
  /** Letters, digits and hyphens, never the same twice. */
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
  /** Bit i stands for `newestNc - i`. */
  usedNcs: bigint;
}

/** How far an `nc` may lie behind the newest of its nonce, as concurrent requests overtake each other. */
const windowSize = 128;

/**
 * Nonces that are signed rather than stored. State is kept only for those that `use` was told of, which is to happen under
 * a right response, so that strangers who collect challenges push nobody out. A forgotten nonce cannot be replayed:
 * everything issued up to the newest of the forgotten is stale from then on.
 */
export class Nonces {
  readonly #sign: (text: string) => string;
  readonly #bootTag: string;
  readonly #random: () => string;
  readonly #time: () => number;
  readonly #lifetimeMs: number;
  readonly #generationSize: number;
  /** Two generations, so that forgetting the oldest is dropping one map, however many there are. */
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
   * Takes the `nc` of a request whose response was right. False when it was taken before, lies behind the window, or the
   * nonce is not fresh any more: the answer is then a challenge with `stale=true`.
   */
  use(nonce: string, nc: number): boolean {
    const found = this.#find(nonce);
    if (typeof found === 'string') return false;
    if (found.newestNc === 0) this.#remember(nonce, found);
    return takeNc(found, nc);
  }

  #find(nonce: string): UsedNonce | 'stale' | 'forged' {
    // A nonce that is remembered was found to be signed when it was first used.
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
    // A copy: the nonce is a slice of its Authorization header, which V8 would keep in memory along with it.
    this.#newer.set(Buffer.from(nonce).toString(), used);
  }
}

/** Takes `nc` (at least 1) if the sliding window shows that it is unused. */
function takeNc(nonce: UsedNonce, nc: number): boolean {
  const lead = nc - nonce.newestNc;
  if (lead <= -windowSize) return false;
  if (lead > 0) {
    // Ahead by more than the window, nothing of the old one is left: no need to shift by up to 2³² bits.
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
 * NMAC over SHA-256, the construction that HMAC is an instance of: two independent keys, each as long as a block of the
 * hash, one around the message and one around the inner hash, of which an attacker can extend neither. Two one-shot hashes
 * take a third of the time of `createHmac`.
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

/** The same clock without its backward jumps, at which times compared here would change their order. */
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
