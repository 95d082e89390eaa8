import { withoutInvisible } from '../errors/quote-text.ts';
import type { SmtpServer } from '../lib/smtp-url.ts';
import type { MailMessage } from './message.ts';

const phaseTimeoutMs = 10_000;
/** For a whole mail: a server that drips its answers keeps no mail longer. */
const mailTimeoutMs = 60_000;
const maxConnections = 3;
/** How long a connection that nothing uses stays open. */
const idleTimeoutMs = 30_000;
const maxAnswerLength = 350;

/** What a mail server said, or why there is no answer. */
export interface ServerReply {
  readonly taken: boolean;
  /** Whether another attempt is pointless. */
  readonly final: boolean;
  /** In the server's words where there are any, cut and with control characters visible. */
  readonly answer: string;
  /** Why it was given no mail, where that is known. */
  readonly reason?: 'untrusted-certificate';
}

/** Sends one mail. Never throws. */
export type SendMail = (server: SmtpServer, message: MailMessage) => Promise<ServerReply>;

/** Connections to mail servers, which stay open between mails. */
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

  /** Ends all connections. Mails on their way fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const transports = [...this.#transports.values()];
    this.#transports.clear();
    for (const transport of transports) (await transport).close();
  }

  /** Loads the library with the first mail. */
  #transportTo(server: SmtpServer): ReturnType<typeof openPool> {
    if (this.#isClosed) throw new Error('The server is stopping.');
    const name = JSON.stringify(server);
    const known = this.#transports.get(name);
    if (known !== undefined) return known;
    const opened = openPool(server);
    this.#transports.set(name, opened);
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
    // An idle connection may have ended: then nothing of the mail was sent, and it is tried once more.
    maxRequeues: 1,
    idleTimeout: idleTimeoutMs,
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    // An operator who allows an unencrypted connection gains nothing from refusing an encrypted one.
    tls: { rejectUnauthorized: security !== 'optional' },
    connectionTimeout: phaseTimeoutMs,
    greetingTimeout: phaseTimeoutMs,
    dnsTimeout: phaseTimeoutMs,
    socketTimeout: 2 * phaseTimeoutMs,
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
  } as const;
}

/** A 5xx is the server's last word. Everything else may pass: a name that is not found, no answer, a 4xx. */
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

/** How Node.js begins to say that it knows no authority of a certificate. */
const untrusted = /self-signed certificate|unable to (?:verify|get)/;

function shown(text: string): string {
  return withoutInvisible(text.trim().replace(/\s+/g, ' ')).slice(0, maxAnswerLength);
}
