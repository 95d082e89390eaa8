import { randomTokens, type User } from '../installation/installation.ts';
import type { RequestPlan } from '../load/load-job.ts';
import { digestPlan, forEach, same } from '../load/requests.ts';

/** Who is asked, and with what. */
export interface Asked {
  readonly port: number;
  readonly connections: number;
  readonly user: User;
  /** At most so many requests that each take a token. */
  readonly requests: number;
  takeTokens(count: number): string[];
}

/** One kind of request, how it is made, and what is to be reached. */
export interface Scenario {
  readonly name: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** What becomes of the unused token that each request takes; without it, none is taken. */
  readonly token?: 'claimed' | 'shown';
  /** Answers differ in length, as pictures of different codes do. */
  readonly lengthVaries?: boolean;
  /** What a right answer holds. */
  readonly holds: string;
  /** On SQLite: requests/s as a share of the bare server's. */
  readonly atLeast?: number;
  /** On SQLite: CPU for a request as a multiple of the bare server's. */
  readonly atMostCpu?: number;
  /** A scenario of the same group, in which at most as many requests/s are answered. */
  readonly notSlowerThan?: string;
  /** Against another version, its requests/s count rather than its CPU. */
  readonly countsByRate?: boolean;
  /** Asked for anew before each turn: tokens and nonces serve once. */
  plan(asked: Asked): Promise<RequestPlan>;
}

/** Those of a group are measured in the same rounds, to be compared with each other. */
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
