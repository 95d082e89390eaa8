import type { TestApp } from './app.ts';
import { testDomain } from './app.ts';
import { answerChallenge } from './digest-client.ts';
import { parseDocument } from './xml.ts';

/** The headers of Linphone 5.3 and later, and those of earlier versions. */
export const modern = {
  'x-linphone-provisioning': '1',
  'user-agent': 'LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74',
};
export const old = { 'user-agent': 'Unknown' };

/** What a phone authenticates with after it received its account. */
export interface ProvisionedPhone {
  readonly body: string;
  /** The device key; empty if the phone has none. */
  readonly key: string;
  /** Path and query. */
  readonly address: string;
}

export interface PhoneAnswer {
  readonly statusCode: number;
  readonly challenges: readonly string[];
  readonly body: string;
  value(section: string, entry: string): string | undefined;
}

/** Returns functions that act as phones of the app's accounts, with real headers. */
export function phonesOf(t: TestApp) {
  const get = async (url: string, headers: Readonly<Record<string, string>> = modern): Promise<PhoneAnswer> => {
    const answer = await t.server.inject({ url, headers });
    const { statusCode, body } = answer;
    return {
      statusCode,
      body,
      challenges: [answer.headers['www-authenticate'] ?? []].flat(),
      value: (section, entry) => parseDocument(body).get(section)?.get(entry)?.value,
    };
  };
  /** Acts as a phone at its first start. */
  const redeem = async (token: string, headers: Readonly<Record<string, string>> = modern): Promise<ProvisionedPhone> =>
    setUp(await get(`/provisioning/${token}`, headers));
  /** Acts as a phone at a later start. */
  const start = (
    { address, key }: Pick<ProvisionedPhone, 'address' | 'key'>,
    headers: Readonly<Record<string, string>> = modern,
  ) => get(address, key === '' ? headers : { ...headers, 'x-device-key': key });
  /** Acts as a phone without a key at a later start. By default, its user name is that of the account. */
  const signIn = async (
    address: string,
    { username, password = 'secret', headers = modern }: SignIn,
  ): Promise<PhoneAnswer> => {
    const named = { from: fromOf(username), ...headers };
    const asked = await get(address, named);
    if (asked.statusCode !== 401) return asked;
    const authorization = answerChallenge(asked.challenges, { username, password, method: 'GET', uri: address });
    return get(address, { ...named, authorization });
  };
  return { get, redeem, start, signIn };
}

export interface SignIn {
  readonly username: string;
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function fromOf(username: string, domain = testDomain): string {
  return `sip:${username}@${domain}`;
}

/** Reads what the phone authenticates with from the document that it received. */
export function setUp({ body, value }: PhoneAnswer): ProvisionedPhone {
  const uri = new URL(value('misc', 'config-uri') ?? 'https://none.example.test');
  const [, key = ''] = /^x-device-key: (\w{22})$/.exec(value('misc', 'config-uri-header_0') ?? '') ?? [];
  return { body, key, address: `${uri.pathname}${uri.search}` };
}
