import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { answerChallenge } from '../../test/support/digest-client.ts';
import { getRequest, openConnection } from '../../test/support/raw-request.ts';

type Headers = Readonly<Record<string, string>>;

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The values of `WWW-Authenticate`. */
  readonly challenges: readonly string[];
}

/** The headers of Linphone 5.3 and later, and those of earlier versions. */
export const newPhone = {
  'user-agent': 'LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/5.3.74',
  'x-linphone-provisioning': '1',
};
export const oldPhone = { 'user-agent': 'Unknown' };

/** Sends a GET request with exactly these headers; `fetch` would add its own. */
export async function get(url: string, headers: Headers = oldPhone): Promise<Answer> {
  const sent = request(url, { headers }).end();
  const [answer] = await once(sent, 'response');
  return {
    status: answer.statusCode,
    body: await text(answer),
    challenges: answer.headersDistinct['www-authenticate'] ?? [],
  };
}

/** Sends a request, is challenged, and repeats it with the password of `user@domain`. */
export async function getByDigest(url: string, address: string, password: string): Promise<Answer> {
  const headers = { ...oldPhone, from: `sip:${address}` };
  const { challenges } = await get(url, headers);
  const { pathname, search } = new URL(url);
  const answer = { username: address.replace(/@.*/, ''), password, method: 'GET', uri: `${pathname}${search}` };
  return get(url, { ...headers, authorization: answerChallenge(challenges, answer) });
}

/** Receives the whole answer, but loses the connection before the server counts it as delivered. */
export async function getAndVanish(url: string): Promise<void> {
  const { port, pathname } = new URL(url);
  const phone = await openConnection(Number(port));
  phone.send(getRequest(pathname, oldPhone));
  await phone.until('</config>');
  phone.reset();
}
