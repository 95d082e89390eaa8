import { type SipAnswer, type SipRequest, sendSip } from './sip-request.ts';

export interface Registration extends Pick<SipRequest, 'port' | 'username' | 'password' | 'algorithm' | 'headers'> {
  readonly domain: string;
}

/** Sends a REGISTER and answers the challenge. Returns the final status. */
export async function register(registration: Registration): Promise<number> {
  return (await sendRegister(registration)).status;
}

export function sendRegister({ username, domain, ...rest }: Registration): Promise<SipAnswer> {
  const address = `sip:${username}@${domain}`;
  return sendSip({ ...rest, method: 'REGISTER', uri: `sip:${domain}`, from: address, to: address, username });
}
