import { allowsUnregistrable } from '../accounts/account-fields.ts';
import type { Space } from '../spaces/space.ts';
import { isLoopback } from './public-url.ts';
import type { Settings } from './settings.ts';

/** Returns why phones cannot reach a loopback URL, and what to do. */
export function loopbackAdvice(publicUrl: string): string {
  const port = new URL(publicUrl).port || '8080';
  return `Only this machine can reach this address. For phones, start the server with ./ringup serve --lan, or set RINGUP_LISTEN=0.0.0.0:${port}, or RINGUP_PUBLIC_URL behind a proxy.`;
}

/** Returns sentences about settings that are valid but unwise. They are shown at each start and by `./ringup check`. */
export function adviceOn(settings: Settings, publicUrl: string, spaces: readonly Space[]): string[] {
  const advice: string[] = [];
  const [first] = spaces;
  if (isLoopback(publicUrl)) advice.push(`${publicUrl}: ${loopbackAdvice(publicUrl)}`);
  else if (publicUrl.startsWith('http:')) {
    advice.push(`${publicUrl} is not https: Linphone for iOS refuses it, and password hashes are sent unencrypted.`);
  }
  if (settings.databaseUrl !== null && settings.secret === null) {
    advice.push('RINGUP_SECRET is generated for this node only: nodes that share a database must share it too.');
  }
  for (const { domain } of settings.trustedProxies.length > 0
    ? spaces.filter((space) => space.retryWindow === 0)
    : []) {
    advice.push(
      `The space ${domain} has \`retry_window=0\`: a phone whose answer is lost behind the proxy, where it looks delivered, ` +
        `cannot ask again. To allow it for a minute: \`./ringup space set ${domain} retry_window=\`.`,
    );
  }
  if (first !== undefined && settings.sipDomain !== null && first.domain !== settings.sipDomain) {
    advice.push(
      `RINGUP_SIP_DOMAIN is ${settings.sipDomain}, but the first space is ${first.domain}: the setting only counts when the ` +
        `database is created. \`./ringup space set ${first.domain} domain=${settings.sipDomain} confirm=true\` changes the domain, ` +
        `\`./ringup space add ${settings.sipDomain}\` creates another space.`,
    );
  }
  for (const { domain, usernamePattern } of spaces) {
    if (!allowsUnregistrable(usernamePattern)) continue;
    advice.push(
      `${domain}: username_pattern ${usernamePattern} allows user names with ; " @ : \\ or characters outside ASCII. ` +
        'Ringup refuses them, because SIP servers such as Kamailio or older phones cannot cope with them.',
    );
  }
  return advice;
}
