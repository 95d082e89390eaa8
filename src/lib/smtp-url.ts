/** How to connect to a mail server. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /**
   * `tls`: TLS from the first byte. `starttls`: STARTTLS is required. `optional`: STARTTLS if the server offers it,
   * with any certificate.
   */
  readonly security: 'tls' | 'starttls' | 'optional';
  readonly user: string | null;
  readonly password: string | null;
}

const defaultPorts = { 'smtp:': 587, 'smtps:': 465 } as const;

/**
 * Parses `smtp://user:password@host:587`, `smtps://…` and `smtp://…?tls=optional`. Returns undefined for everything
 * else.
 */
export function parseSmtpUrl(text: string): SmtpServer | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')) return undefined;
  const { protocol, search, pathname, hash, port } = url;
  const isOptional = search === '?tls=optional' && protocol === 'smtp:';
  if (url.hostname === '' || /[^\x21-\x7e]|%/.test(url.hostname) || port === '0') return undefined;
  if ((pathname !== '' && pathname !== '/') || hash !== '' || (search !== '' && !isOptional)) return undefined;
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === undefined || password === undefined || (user === '' && password !== '')) return undefined;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPorts[protocol] : Number(port),
    security: protocol === 'smtps:' ? 'tls' : isOptional ? 'optional' : 'starttls',
    user: user === '' ? null : user,
    password: user === '' ? null : password,
  };
}

function decoded(text: string): string | undefined {
  try {
    const plain = decodeURIComponent(text);
    return /\p{Cc}/u.test(plain) ? undefined : plain;
  } catch {
    return undefined;
  }
}

/** Returns the URL of a mail server, in the form that `parseSmtpUrl` reads. */
export function composeSmtpUrl({ host, port, security, user, password }: SmtpServer): string {
  const secret = password === null || password === '' ? '' : `:${encoded(password)}`;
  const who = user === null || user === '' ? '' : `${encoded(user)}${secret}@`;
  const address = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `${security === 'tls' ? 'smtps' : 'smtp'}://${who}${address}:${port}${security === 'optional' ? '?tls=optional' : ''}`;
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
