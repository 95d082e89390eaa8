import { randomTokens, type User } from '../installation/installation.ts';
import type { RequestPlan } from '../load/load-job.ts';
import { digestPlan, forEach, same } from '../load/requests.ts';

/** The server and the user that a scenario sends requests to. */
export interface Asked {
  readonly port: number;
  readonly connections: number;
  readonly user: User;
  /** The most requests that may each take a token. */
  readonly requests: number;
  takeTokens(count: number): string[];
}

/** One kind of request, how it is made, and its targets. */
export interface Scenario {
  readonly name: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** What happens to the unused token that each request takes; without this, requests take no token. */
  readonly token?: 'claimed' | 'shown';
  /** Whether answers differ in length, as QR codes of different texts do. */
  readonly lengthVaries?: boolean;
  /** A text that every correct answer contains. */
  readonly holds: string;
  /** The target on SQLite: requests/s as a share of the bare server's. */
  readonly atLeast?: number;
  /** The target on SQLite: CPU time for a request as a multiple of the bare server's. */
  readonly atMostCpu?: number;
  /** Another scenario of the group. The target is to answer at least as many requests/s as that one. */
  readonly notSlowerThan?: string;
  /** Whether a comparison of versions looks at requests/s instead of CPU time. */
  readonly countsByRate?: boolean;
  /** Returns the requests of one turn. Called before each turn, because tokens and nonces work only once. */
  plan(asked: Asked): Promise<RequestPlan>;
}

/**
 * The scenarios in groups. Those of one group are compared with each other, so they are measured in the same rounds.
 */
export const scenarioGroups: readonly (readonly Scenario[])[] = [
  [
    { name: 'base document', atLeast: 0.75, holds: '<config', plan: async () => same('/provisioning') },
    {
      name: 'base document without request log',
      settings: { RINGUP_LOG_LEVEL: 'warn' },
      atLeast: 0.75,
      notSlowerThan: 'base document',
      holds: '<config',
      plan: async () => same('/provisioning'),
    },
  ],
  [
    {
      name: 'token redemption',
      token: 'claimed',
      atLeast: 0.22,
      countsByRate: true,
      holds: 'auth_info_0',
      plan: async ({ requests, takeTokens }) => forEach(takeTokens(requests), '/provisioning/*'),
    },
  ],
  [
    {
      name: 'me by API key',
      atLeast: 0.3,
      holds: 'auth_info_0',
      plan: async ({ user }) => same('/provisioning/me', `x-api-key: ${user.apiKey}\r\n`),
    },
    {
      name: 'unknown tokens',
      notSlowerThan: 'me by API key',
      holds: '<config',
      plan: async ({ requests }) => forEach(randomTokens(requests * 2), '/provisioning/*'),
    },
  ],
  [
    {
      name: 'me by Digest',
      atLeast: 0.25,
      holds: 'auth_info_0',
      plan: ({ port, user, connections }) => digestPlan(port, user, connections),
    },
  ],
  [
    {
      name: 'QR code',
      token: 'shown',
      lengthVaries: true,
      atMostCpu: 8,
      holds: 'PNG',
      plan: async ({ requests, takeTokens }) => forEach(takeTokens(requests), '/provisioning/qrcode/*'),
    },
  ],
];
