import { randomToken } from '../lib/random-token.ts';
import { optionsRequest, transportOf } from '../sip/options-request.ts';
import { parseSipUri, type SipUri } from '../sip/sip-uri.ts';
import { exchangeByTcp, exchangeByTls, exchangeByUdp, type Received } from './exchange.ts';
import { type Lookups, locateServer, systemLookups, type Target } from './locate-server.ts';

/** The answer of a SIP server to OPTIONS, or why there is none. */
export type ServerAnswer = Received | { readonly kind: 'unknown-name'; readonly host: string };

export interface AskOptions {
  /** Ends name look-ups, connecting and waiting; by default after five seconds. */
  readonly signal?: AbortSignal;
  readonly lookups?: Lookups;
  /** Returns whether an IP address may be contacted; by default, all may. */
  readonly mayAsk?: (address: string) => boolean;
}

/** Sends OPTIONS in the name of a SIP domain to the server at a SIP URI without a user. Never throws. */
export async function askServer(
  { uri, domain }: { readonly uri: string; readonly domain: string },
  { signal = AbortSignal.timeout(5_000), lookups = systemLookups, mayAsk = () => true }: AskOptions = {},
): Promise<ServerAnswer> {
  const parsed = parseSipUri(uri);
  if (parsed === undefined) return { kind: 'unknown-name', host: uri };
  const overdue = new Promise<ServerAnswer>((resolve) => {
    signal.addEventListener('abort', () => resolve({ kind: 'no-answer' }));
  });
  // Raced with the deadline, because a look-up cannot be interrupted.
  return Promise.race([askInTurn({ ...parsed, uri, domain }, { lookups, mayAsk }, signal), overdue]);
}

type Question = SipUri & { readonly uri: string; readonly domain: string };

/** Tries one address after the other, until one can be reached. */
async function askInTurn(
  question: Question,
  { lookups, mayAsk }: Required<Pick<AskOptions, 'lookups' | 'mayAsk'>>,
  signal: AbortSignal,
): Promise<ServerAnswer> {
  const { host, port } = question;
  const targets = locateServer({ host, port, transport: transportOf(question) }, lookups, signal);
  let answer: ServerAnswer = { kind: 'unknown-name', host };
  for await (const target of targets) {
    // The checked address itself is contacted, because another look-up of the name could return a different one.
    if (!mayAsk(target.address)) continue;
    answer = await askAt(target, question, signal);
    if (answer.kind !== 'failed') return answer;
  }
  return answer;
}

function askAt(target: Target, question: Question, signal: AbortSignal): Promise<Received> {
  const { uri, domain, host } = question;
  const transport = transportOf(question);
  const write = (local: Target) => optionsRequest({ uri, domain, transport, local, id: randomToken() });
  if (transport === 'udp') return exchangeByUdp(target, write, signal);
  if (transport === 'tcp') return exchangeByTcp(target, write, signal);
  return exchangeByTls(target, host, write, signal);
}
