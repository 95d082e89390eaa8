import { withoutInvisible } from '../errors/quote-text.ts';
import type { SmtpServer } from '../lib/smtp-url.ts';
import type { MailMessage } from './message.ts';

const phaseTimeoutMs = 10_000;
/** The limit for a whole mail, so that a server that answers slowly does not hold it for longer. */
const mailTimeoutMs = 60_000;
const maxConnections = 3;
/** For this long, an unused connection stays open. */
const idleTimeoutMs = 30_000;
const maxAnswerLength = 350;

/** What a mail server answered, or why it did not. */
export interface ServerReply {
  readonly taken: boolean;
  /** Whether another attempt is pointless. */
  readonly final: boolean;
  /** The server's own words if there are any, shortened and with control characters made visible. */
  readonly answer: string;
  /** Why the server received no mail, if this is known. */
  readonly reason?: 'untrusted-certificate';
}

/** Sends one mail. Never throws. */
export type SendMail = (server: SmtpServer, message: MailMessage) => Promise<ServerReply>;

/** Connections to mail servers. They stay open between mails. */
export class MailConnections {
  readonly #transports = new Map<string, ReturnType<typeof openPool>>();
  #isClosed = false;

  readonly send: SendMail = async (server, message) => {
    try {
      const transport = await this.#transportTo(server);
      const signal = AbortSignal.timeout(mailTimeoutMs);
      const attachments = [...(message.attachments ?? [])];
      const sealed = { signal, disableFileAccess: true, disableUrlAccess: true };
      const { response } = await transport.sendMail({ ...message, ...sealed, attachments });
      return { taken: true, final: true, answer: shown(response) };
    } catch (error) {
      return replyOf(error);
    }
  };

  /** Closes all connections. Mails that are being sent fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const transports = [...this.#transports.values()];
    this.#transports.clear();
    // One that could not be opened has nothing to close.
    for (const opened of await Promise.allSettled(transports)) if (opened.status === 'fulfilled') opened.value.close();
  }

  /** Loads the library with the first mail. */
  #transportTo(server: SmtpServer): ReturnType<typeof openPool> {
    if (this.#isClosed) throw new Error('The server is stopping.');
    const name = JSON.stringify(server);
    const known = this.#transports.get(name);
    if (known !== undefined) return known;
    const opened = openPool(server);
    this.#transports.set(name, opened);
    // The next mail tries again, for example after an update has replaced the library.
    opened.catch(() => this.#transports.delete(name));
    return opened;
  }
}

async function openPool(server: SmtpServer) {
  const { createTransport } = await import('nodemailer');
  return createTransport(optionsFor(server));
}

function optionsFor({ host, port, security, user, password }: SmtpServer) {
  return {
    pool: true,
    maxConnections,
    // An idle connection may have been closed. Nothing of the mail was sent then, so one more attempt is safe.
    maxRequeues: 1,
    idleTimeout: idleTimeoutMs,
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    // If the operator allows an unencrypted connection, refusing an encrypted one because of its certificate gains
    // nothing.
    tls: { rejectUnauthorized: security !== 'optional' },
    connectionTimeout: phaseTimeoutMs,
    greetingTimeout: phaseTimeoutMs,
    dnsTimeout: phaseTimeoutMs,
    socketTimeout: 2 * phaseTimeoutMs,
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
  } as const;
}

/**
 * Converts an error to a reply. A 5xx is final. Everything else may go away: an unknown host name, no answer, a 4xx.
 */
function replyOf(error: unknown): ServerReply {
  if (!(error instanceof Error)) return { taken: false, final: false, answer: shown(String(error)) };
  const { response, responseCode } = error as { response?: unknown; responseCode?: unknown };
  if (typeof response !== 'string' && untrusted.test(error.message)) {
    // The rest is advice for programmers.
    const [fault = ''] = error.message.split(';');
    return { taken: false, final: false, answer: shown(fault), reason: 'untrusted-certificate' };
  }
  const isFinal = typeof responseCode === 'number' && responseCode >= 500;
  return { taken: false, final: isFinal, answer: shown(typeof response === 'string' ? response : error.message) };
}

/** Node.js's messages about a certificate from an unknown authority. */
const untrusted = /self-signed certificate|unable to (?:verify|get)/;

function shown(text: string): string {
  return withoutInvisible(text.trim().replace(/\s+/g, ' ')).slice(0, maxAnswerLength);
}
