import type { SipUri } from './sip-uri.ts';

export type SipTransport = 'udp' | 'tcp' | 'tls';

/** Returns the transport in a URI; by default UDP, as in Linphone. */
export function transportOf({ parameters }: SipUri): SipTransport {
  const named = parameters.get('transport')?.toLowerCase();
  return named === 'tcp' || named === 'tls' ? named : 'udp';
}

export interface OptionsRequest {
  /** The server's address, such as `sip:pbx.example.com;transport=tls`. */
  readonly uri: string;
  /** The SIP domain in whose name the request is sent. */
  readonly domain: string;
  readonly transport: SipTransport;
  /** The socket that sends the request. The answer comes to it, because `Via` contains it. */
  readonly local: { readonly address: string; readonly port: number };
  /** Random text without spaces. */
  readonly id: string;
}

/** Returns an OPTIONS request (RFC 3261, 11), which checks whether a server answers and changes nothing. */
export function optionsRequest({ uri, domain, transport, local, id }: OptionsRequest): string {
  const host = local.address.includes(':') ? `[${local.address}]` : local.address;
  const lines = [
    `OPTIONS ${uri} SIP/2.0`,
    `Via: SIP/2.0/${transport.toUpperCase()} ${host}:${local.port};branch=z9hG4bK${id};rport`,
    'Max-Forwards: 70',
    `From: <sip:${domain}>;tag=${id}`,
    `To: <${uri}>`,
    `Call-ID: ${id}@${host}`,
    'CSeq: 1 OPTIONS',
    `Contact: <sip:${host}:${local.port};transport=${transport}>`,
    'Accept: application/sdp',
    'User-Agent: Ringup',
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
