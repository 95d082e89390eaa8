import type { ExternalAccount, ExternalProtocol } from '../accounts/account.ts';

/** The SIP URI that the external account registers at: its registrar, else its domain, by its protocol. */
export function externalRegistrar(external: ExternalAccount): string {
  return serverUri(external.registrar ?? external.domain, external.protocol);
}

/** Where its requests go first, as `reg_route` wants it; undefined without an outbound proxy. */
export function externalRoute(external: ExternalAccount): string | undefined {
  return external.outboundProxy === null ? undefined : `<${serverUri(external.outboundProxy, external.protocol)}>`;
}

function serverUri(server: string, protocol: ExternalProtocol): string {
  const uri = /^sips?:/i.test(server) ? server.replace(/^sips?/i, (scheme) => scheme.toLowerCase()) : `sip:${server}`;
  return /;transport=/i.test(uri) ? uri : `${uri};transport=${protocol.toLowerCase()}`;
}
