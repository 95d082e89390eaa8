import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { selfSigned } from './self-signed.ts';
import { tempDirectory } from './temp-directory.ts';
import { waitUntil } from './wait-until.ts';

/** A mail that the server accepted, with its envelope. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly mail: ParsedMail;
}

/** What the server does with a mail: accept it, refuse it with a status, hang, or drop the connection. */
export type Behaviour =
  | 'take'
  | 'hang'
  | 'drop'
  | { readonly refuse: number; readonly at: 'connect' | 'recipient' | 'data' };

/** A real mail server with TLS and a user. Tests can make it misbehave. */
export interface MailServer {
  /** The value for RINGUP_SMTP_URL. */
  readonly url: string;
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** How many connections there have been. */
  readonly connections: number;
  behave(behaviour: Behaviour): void;
  /** Sets a function to call when a whole mail has arrived, before it is answered. */
  onMail(listener: (() => void) | undefined): void;
  /** Sets a function to call when a part of a mail has arrived. */
  onData(listener: (() => void) | undefined): void;
  received(count: number): Promise<readonly ReceivedMail[]>;
  /** Closes all connections. */
  cut(): void;
  close(): Promise<void>;
}

export const mailUser = { user: 'ringup', password: 'mail/sesame' } as const;

/** Makes this process trust the certificate of `startMailServer`. Other processes need `trustedByChildren`. */
export function trustMailServer(): void {
  tls.setDefaultCACertificates([...tls.getCACertificates(), selfSigned.cert]);
}

/** Returns the environment of a process that also trusts the certificate. */
export function trustedByChildren(): { readonly NODE_EXTRA_CA_CERTS: string } {
  const certificate = join(tempDirectory(), 'ca.pem');
  writeFileSync(certificate, selfSigned.cert);
  return { NODE_EXTRA_CA_CERTS: certificate };
}

/** Starts the server. With `ports`, it listens on the first one that is free. */
export async function startMailServer(
  options: SMTPServerOptions = {},
  ports: readonly number[] = [0],
): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  let behaviour: Behaviour = 'take';
  let connections = 0;
  let listener: (() => void) | undefined;
  let dataListener: (() => void) | undefined;
  const refusal = (at: 'connect' | 'recipient' | 'data'): Error | null => {
    if (typeof behaviour !== 'object' || behaviour.at !== at) return null;
    return Object.assign(new Error('Not this one'), { responseCode: behaviour.refuse });
  };
  const server = new SMTPServer({
    ...selfSigned,
    authOptional: false,
    onAuth: ({ username, password }, _session, callback) =>
      username === mailUser.user && password === mailUser.password
        ? callback(null, { user: username })
        : callback(Object.assign(new Error('Authentication failed'), { responseCode: 535 })),
    onConnect: (_session, callback) => {
      connections += 1;
      callback(refusal('connect'));
    },
    onRcptTo: (_address, _session, callback) => callback(refusal('recipient')),
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        dataListener?.();
        if (behaviour === 'drop') cutConnections(server);
      });
      stream.on('end', async () => {
        if (behaviour === 'hang' || behaviour === 'drop') return;
        const refused = refusal('data');
        if (refused !== null) return callback(refused);
        const raw = Buffer.concat(chunks);
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: raw.toString('latin1'),
          mail: await simpleParser(raw),
        });
        listener?.();
        callback();
      });
    },
    ...options,
  });
  // Some tests are about clients that drop the connection.
  server.on('error', () => {});
  for (const port of ports) {
    server.listen(port, '127.0.0.1');
    if (await listens(server)) break;
  }
  assert.ok(server.server.listening, `none of the ports ${ports.join(', ')} is free`);
  const { port } = server.server.address() as AddressInfo;
  const user = encodeURIComponent(mailUser.password);
  return {
    url: `smtp${options.secure === true ? 's' : ''}://${mailUser.user}:${user}@localhost:${port}`,
    port,
    mails,
    get connections() {
      return connections;
    },
    behave: (next) => {
      behaviour = next;
    },
    onMail: (next) => {
      listener = next;
    },
    onData: (next) => {
      dataListener = next;
    },
    received: async (count) => {
      assert.ok(await waitUntil(() => mails.length >= count), `${mails.length} of ${count} mails came`);
      return mails;
    },
    cut: () => cutConnections(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutConnections(server);
      }),
  };
}

async function listens({ server }: SMTPServer): Promise<boolean> {
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  }
}

function cutConnections(server: SMTPServer): void {
  for (const { _socket: socket } of server.connections as Set<{ readonly _socket: Socket }>) socket.destroy();
}
