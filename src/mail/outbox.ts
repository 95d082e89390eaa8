import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../storage/database.ts';
import type { Mail } from './mail.ts';
import { nextAttemptAt } from './mail.ts';
import { type Heard, rememberAnswer } from './mail-answer.ts';
import { mailServerOf } from './mail-server.ts';
import { claimMail, type DueMail, listDueMails, type Outcome, spacesWithDueMails } from './mail-store.ts';
import { noteOutcome } from './note-outcome.ts';
import { type PrepareContext, prepareMail } from './prepare-mail.ts';
import type { MailConnections, ServerReply } from './send-mail.ts';

export interface OutboxContext extends PrepareContext {
  readonly database: Database;
  readonly bootId: string;
  /** Returns whether the process with this boot id may still send the mails that it claimed. */
  isProcessAlive(bootId: string): Promise<boolean>;
}

const dueAtOnce = 50;
const sentAtOnce = 3;
const closePatienceMs = 5_000;
/** How often to look for mails to servers that are not busy. */
const nextLookMs = 1_000;

/**
 * Sends due mails: claims one, sends it, and stores the outcome. If a process ends, its claimed mails are claimed
 * again, so that each mail is sent at least once. A mail server that does not answer delays only its own mails.
 */
export class Outbox {
  readonly #context: OutboxContext;
  readonly #connections: Pick<MailConnections, 'send' | 'close'>;
  /** Outcomes that are not yet stored in the database. */
  readonly #unwritten = new Map<number, Attempt & { readonly mail: Mail }>();
  /** The ids of mails that this process is about to claim or has claimed, until their outcomes are stored. */
  readonly #held = new Set<number>();
  /** Running work, by mail server. */
  readonly #busy = new Map<string, Promise<unknown>>();
  readonly #failures: unknown[] = [];
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(context: OutboxContext, connections: Pick<MailConnections, 'send' | 'close'>) {
    this.#context = context;
    this.#connections = connections;
  }

  /** Sends all due mails. A call during another one waits for that one. */
  run(): Promise<void> {
    this.#running ??= this.#sendDue().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /**
   * Waits some seconds for the mails that are being sent. Mails that are cut off are sent again by the next process.
   */
  async close(patience: AbortSignal): Promise<void> {
    this.#isClosed = true;
    const givenUp = AbortSignal.any([patience, AbortSignal.timeout(closePatienceMs)]);
    const ended = Promise.allSettled([this.#running, ...this.#busy.values()]);
    if (!givenUp.aborted) {
      await Promise.race([ended, new Promise((resolve) => givenUp.addEventListener('abort', resolve, { once: true }))]);
    }
    await this.#connections.close();
  }

  async #sendDue(): Promise<void> {
    await this.#writeDown();
    while (!this.#isClosed) {
      for (const [server, spaceIds] of await this.#serversWithDue()) {
        if (this.#busy.has(server) || (await this.#claimable(spaceIds)).length === 0) continue;
        const sending = this.#sendTo(spaceIds).catch((error: unknown) => this.#failures.push(error));
        this.#busy.set(
          server,
          sending.finally(() => this.#busy.delete(server)),
        );
      }
      if (this.#busy.size === 0) return;
      await Promise.race([...this.#busy.values(), wait(nextLookMs, undefined, { ref: false })]);
      const [failure] = this.#failures.splice(0);
      if (failure !== undefined) throw failure;
    }
    await Promise.all(this.#busy.values());
  }

  /** Returns the spaces that have due mails, by the server that sends them. */
  async #serversWithDue(): Promise<Map<string, number[]>> {
    const { database, spaces, now } = this.#context;
    const servers = new Map<string, number[]>();
    for (const id of await spacesWithDueMails(database, now())) {
      const space = spaces.findById(id);
      const server = JSON.stringify(space === undefined ? null : mailServerOf(this.#context, space)?.server);
      servers.set(server, [...(servers.get(server) ?? []), id]);
    }
    return servers;
  }

  /** Sends all due mails of these spaces. */
  async #sendTo(spaceIds: readonly number[]): Promise<void> {
    while (!this.#isClosed) {
      const due = await this.#claimable(spaceIds);
      if (due.length === 0) return;
      for (let start = 0; start < due.length && !this.#isClosed; start += sentAtOnce) {
        const part = due.slice(start, start + sentAtOnce);
        await Promise.all(part.map((each) => this.#deliver(each)));
        await this.#writeDown(part);
      }
    }
  }

  /**
   * Returns due mails that no living process has claimed. They include mails that have this process's id but are not
   * held: the answer to their claim was lost.
   */
  async #claimable(spaceIds: readonly number[]): Promise<DueMail[]> {
    const { database, bootId, now } = this.#context;
    const due = await listDueMails(database, now(), { spaceIds, limit: dueAtOnce });
    const owners = new Set(
      due.flatMap(({ claimedBy }) => (claimedBy === null || claimedBy === bootId ? [] : [claimedBy])),
    );
    const alive = new Set<string>();
    for (const owner of owners) if (await this.#context.isProcessAlive(owner)) alive.add(owner);
    // Checked after the rows were read. A mail is held from before it is claimed until its outcome is stored, so it
    // cannot be mistaken here for one with a lost claim. In the other order, a mail that is claimed in between would be
    // sent twice.
    return due.filter(({ id, claimedBy }) => !this.#held.has(id) && (claimedBy === null || !alive.has(claimedBy)));
  }

  async #deliver(due: DueMail): Promise<void> {
    const { now } = this.#context;
    const mail = await this.#claim(due);
    if (mail === undefined) return;
    const attempt = await this.#attempt(mail).catch(
      (error: unknown): Attempt => ({ outcome: laterOutcome(mail, String(error), null, now()) }),
    );
    this.#unwritten.set(mail.id, { mail, ...attempt });
  }

  async #claim(due: DueMail): Promise<Mail | undefined> {
    const { database, bootId } = this.#context;
    if (this.#held.has(due.id)) return undefined;
    this.#held.add(due.id);
    let mail: Mail | undefined;
    try {
      mail = await claimMail(database, due, bootId);
    } finally {
      if (mail === undefined) this.#held.delete(due.id);
    }
    return mail;
  }

  async #attempt(mail: Mail): Promise<Attempt> {
    const { now } = this.#context;
    const prepared = await prepareMail(this.#context, mail);
    if ('reason' in prepared) {
      const { reason, final } = prepared;
      const never = { state: 'failed', answer: null, reason, at: now() } as const;
      return { outcome: final ? never : laterOutcome(mail, null, reason, now()) };
    }
    const { server, message } = prepared;
    const reply = await this.#connections.send(server, message);
    return { outcome: outcomeOf(mail, reply, now()), heard: { spaceId: mail.spaceId, server, reply, to: 'mail' } };
  }

  /** Stores outcomes. If that fails, they stay in memory, and the mails stay claimed by this process. */
  async #writeDown(
    mails: readonly { readonly id: number }[] = [...this.#unwritten.values()].map(({ mail }) => mail),
  ): Promise<void> {
    for (const { id } of mails) {
      const found = this.#unwritten.get(id);
      if (found === undefined) continue;
      const { mail, outcome, heard } = found;
      await noteOutcome(this.#context, mail, outcome);
      if (heard !== undefined) await rememberAnswer(this.#context, heard);
      this.#unwritten.delete(id);
      this.#held.delete(id);
    }
  }
}

/** The outcome of an attempt, and the mail server's answer if it was asked. */
interface Attempt {
  readonly outcome: Outcome;
  readonly heard?: Heard;
}

function outcomeOf(mail: Mail, { taken, final, answer, reason }: ServerReply, now: number): Outcome {
  if (!taken && !final) return laterOutcome(mail, answer, reason ?? null, now);
  return { state: taken ? 'sent' : 'failed', answer, reason: reason ?? null, at: now };
}

function laterOutcome(mail: Mail, answer: string | null, reason: Outcome['reason'], now: number): Outcome {
  const at = nextAttemptAt(mail, now);
  return at === undefined ? { state: 'failed', answer, reason, at: now } : { state: 'waiting', answer, reason, at };
}
