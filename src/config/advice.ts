import type { Space } from '../spaces/space.ts';
import { effectivePublicUrl, isLoopback } from './public-url.ts';
import type { Settings } from './settings.ts';

/** Why phones cannot reach a URL of this machine alone, and what to set. */
export function loopbackAdvice(publicUrl: string): string {
  const port = new URL(publicUrl).port || '8080';
  return `Only this machine reaches that address. For phones set RINGUP_LISTEN=0.0.0.0:${port}, or RINGUP_PUBLIC_URL behind a proxy.`;
}

/** What is legal but unwise, in sentences; said at each start and by `ringup check`. */
export function adviceOn(settings: Settings, spaces: readonly Space[]): string[] {
  const advice: string[] = [];
  const publicUrl = effectivePublicUrl(settings);
  const [first] = spaces;
  if (isLoopback(publicUrl)) advice.push(`${publicUrl}: ${loopbackAdvice(publicUrl)}`);
  else if (publicUrl.startsWith('http:')) {
    advice.push(`${publicUrl} is not https: Linphone for iOS refuses it, and passwords' hashes travel in the clear.`);
  }
  if (settings.databaseUrl !== null && settings.secret === null) {
    advice.push('RINGUP_SECRET is generated for this node alone: nodes that share the database need to share it too.');
  }
  if (settings.trustedProxies.length > 0 && spaces.some((space) => space.retryWindow === 0)) {
    advice.push(
      'Behind a proxy a lost answer may look delivered: `ringup space set DOMAIN retry_window=60` lets the same phone ask again.',
    );
  }
  if (first !== undefined && first.domain !== settings.sipDomain) {
    advice.push(
      `RINGUP_SIP_DOMAIN is ${settings.sipDomain}, but the first space is ${first.domain}: the setting counts only when the database is made. \`ringup space add ${settings.sipDomain}\` makes another space.`,
    );
  }
  return advice;
}
