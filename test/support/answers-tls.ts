import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:tls';

/**
 * Returns whether `localhost` answers on the port with a certificate that `caFile` has signed. Returns false if the
 * file does not exist.
 */
export async function answersTls(port: number, caFile: string): Promise<boolean> {
  if (!existsSync(caFile)) return false;
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: readFileSync(caFile) });
  try {
    await once(socket, 'secureConnect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
