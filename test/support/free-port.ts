import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

const host = '127.0.0.1';
const attempts = 50;

/**
 * Returns a loopback port that nothing uses now, by TCP or UDP, and that `freePort` returns to no other process until
 * this one ends. It is below the range that the system uses for outgoing connections, so that none takes it meanwhile.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = randomInt(20_000, 32_000);
    if ((await isFreeForTcp(port)) && (await isFreeForUdp(port)) && (await reservePort(port))) return port;
  }
  throw new Error(`no free port found in ${attempts} attempts`);
}

async function isFreeForTcp(port: number): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4').bind(port, host);
  try {
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

/**
 * Returns false if the port is reserved already. A program on a busy machine may take long to listen on its port, and
 * test files that run at the same time must not get the same one.
 */
export async function reservePort(port: number): Promise<boolean> {
  // An abstract socket leaves no file behind, and disappears with its process, even if that is killed. Only Linux has
  // them.
  if (process.platform !== 'linux') return true;
  const holder = createServer().listen(`\0ringup-test-port-${port}`).unref();
  try {
    await once(holder, 'listening');
    return true;
  } catch {
    return false;
  }
}
