import type { ExternalAccount, ExternalProtocol } from '../accounts/account.ts';

/** Returns the SIP URI at which the external account registers: its registrar or else its domain, with its protocol. */
export function externalRegistrar(external: ExternalAccount): string {
  return serverUri(external.registrar ?? external.domain, external.protocol);
}

/** Returns the outbound proxy in the form of a `reg_route`, or undefined if there is none. */
export function externalRoute(external: ExternalAccount): string | undefined {
  return external.outboundProxy === null ? undefined : `<${serverUri(external.outboundProxy, external.protocol)}>`;
}

function serverUri(server: string, protocol: ExternalProtocol): string {
  const uri = /^sips?:/i.test(server) ? server.replace(/^sips?/i, (scheme) => scheme.toLowerCase()) : `sip:${server}`;
  return /;transport=/i.test(uri) ? uri : `${uri};transport=${protocol.toLowerCase()}`;
}
