import { type Installation, randomTokens } from '../installation/installation.ts';
import type { RequestPlan } from '../load/load-job.ts';
import { forEach, phoneHeaders, same } from '../load/requests.ts';

/** What a crowd requests while other clients wait for their document. */
export interface Flood {
  readonly name: string;
  readonly plan: RequestPlan;
  /**
   * The highest p99 allowed for the other clients, as a multiple of their p99 in a flood of base documents. Without it,
   * the p99 is only reported.
   */
  readonly atMost?: number;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  /** Ways to sign in, each of which is enough; empty if strangers may call. */
  readonly security: readonly Readonly<Record<string, unknown>>[];
}

const bars = { unknownTokens: 1.5, open: 5, constant: 10 };
const constantPages = ['/', '/api', '/api/openapi.json', '/provisioning/documentation'];
const unknownTokens = 50_000;
export const tokensForFloods = 5_000;

const browserHeaders = 'Host: 127.0.0.1\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) bench\r\nAccept: text/html\r\n';

export const baseDocuments: Flood = { name: 'base documents', plan: same('/provisioning') };

/**
 * Returns one flood for each path that strangers may call and each that an administrator reads, and floods that vary
 * what is requested at one path.
 */
export async function floodsOn(port: number, installation: Installation): Promise<Flood[]> {
  const operations = await operationsOf(port);
  return [
    ...operations.filter(isOpen).map(openFlood),
    ...variedFloods(installation),
    ...operations.filter(isForAdministrators).map((each) => administratorsFlood(each, installation)),
  ];
}

/** Returns the operations in the server's OpenAPI document, without HEAD, which is no more work than GET. */
async function operationsOf(port: number): Promise<Operation[]> {
  const response = await fetch(`http://127.0.0.1:${port}/api/openapi.json`);
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, Pick<Operation, 'security'>>> };
  return Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({ method: method.toUpperCase(), path, security })),
    )
    .filter(({ method, path }) => method !== 'HEAD' && path !== '/provisioning');
}

function isOpen({ security }: Operation): boolean {
  return security.length === 0;
}

/**
 * Returns whether an operation is for administrators. Digest gives the rights of a user, so an operation that does not
 * accept it is.
 */
function isForAdministrators({ method, security }: Operation): boolean {
  return method === 'GET' && security.length > 0 && !security.some((each) => 'digest' in each);
}

function openFlood({ method, path }: Operation): Flood {
  const headers = method === 'GET' ? phoneHeaders : `${phoneHeaders}content-length: 0\r\n`;
  const plan = path.includes('{')
    ? repeated(randomTokens(unknownTokens), path.replace(/\{\w+\}/, '*'), method, headers)
    : same(path, '', method, headers);
  return { name: `${method} ${path}`, plan, atMost: barOf(path) };
}

function barOf(path: string): number {
  if (path === '/provisioning/{token}') return bars.unknownTokens;
  return constantPages.includes(path) ? bars.constant : bars.open;
}

function variedFloods({ takeTokens, user }: Installation): Flood[] {
  const valid = takeTokens(tokensForFloods);
  const unknown = randomTokens(unknownTokens);
  const challenged = same('/provisioning/me', `From: sip:${user.username}@${user.domain}\r\n`);
  const plans: Readonly<Record<string, RequestPlan>> = {
    'landing page of a valid token': repeated(valid, '/provisioning/*', 'GET', browserHeaders),
    'landing page of an unknown token': repeated(unknown, '/provisioning/*', 'GET', browserHeaders),
    'QR code of a valid token': repeated(valid, '/provisioning/qrcode/*'),
    'Digest challenge': challenged,
    'an address that does not exist': same('/nothing'),
  };
  return Object.entries(plans).map(([name, plan]) => ({ name, plan, atMost: bars.open }));
}

function administratorsFlood({ method, path }: Operation, { user, admin }: Installation): Flood {
  const values: Readonly<Record<string, string | number>> = {
    id: user.id,
    domain: user.domain,
    sip: `${user.username}@${user.domain}`,
    email: 'nobody@example.org',
  };
  const address = path.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? 0));
  return { name: `administrator: ${method} ${path}`, plan: same(address, `x-api-key: ${admin.apiKey}\r\n`) };
}

function repeated(...args: Parameters<typeof forEach>): RequestPlan {
  return { ...forEach(...args), repeat: true };
}
