import { connect, type Socket } from 'node:net';

/** A TCP connection, for tests that cut it. */
export interface RawConnection {
  readonly socket: Socket;
  send(text: string): void;
  /** Returns everything received so far. */
  received(): string;
  /** Resolves when `text` has been received. Rejects if the connection ends before that. */
  until(text: string): Promise<string>;
  /** Resets the connection (RST), like a phone that loses its network. */
  reset(): void;
}

export function openConnection(port: number): Promise<RawConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(connection));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.once('error', reject);
    const connection: RawConnection = {
      socket,
      send: (part) => void socket.write(part),
      received: () => text,
      until: (part) =>
        new Promise((found, failed) => {
          const look = () => text.includes(part) && found(text);
          socket.on('data', look);
          socket.once('close', () => failed(new Error(`closed before ${JSON.stringify(part)}: ${text.slice(0, 200)}`)));
          look();
        }),
      reset: () => void socket.resetAndDestroy(),
    };
  });
}

export function getRequest(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ Host: 'ringup.example.test', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
