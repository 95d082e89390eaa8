export type SipResponse =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly reason: string;
      /** The `Server` header, or else `User-Agent`; null if there is neither. */
      readonly server: string | null;
    }
  /** An answer that is not SIP, with its first line. */
  | { readonly kind: 'not-sip'; readonly line: string };

const maxHeadLength = 16 * 1024;
const maxLength = 64 * 1024;
/** The maximum number of provisional responses in a stream, and of messages over UDP. */
export const maxProvisional = 100;
const statusLine = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i;

/** Parses the final response in one message. Returns undefined if there is none. */
export function readResponse(message: string): SipResponse | undefined {
  return responseReader()(message);
}

/**
 * Returns a function that takes a stream piece by piece and returns undefined until the final response is complete. It
 * reads each byte once. It gives up on a server that sends data without end or only provisional responses.
 */
export function responseReader(): (piece: string) => SipResponse | undefined {
  let received = 0;
  let provisional = 0;
  let line = '';
  let head: string[] = [];
  let headLength = 0;
  const take = (): SipResponse | undefined => {
    const whole = line.replace(/\r$/, '');
    line = '';
    // Servers send empty lines to keep a connection alive.
    if (head.length === 0 && whole === '') return undefined;
    const [first = whole] = head;
    const [, status = '', reason = ''] = statusLine.exec(first) ?? [];
    if (status === '') return { kind: 'not-sip', line: first };
    if (whole !== '') {
      head.push(whole);
      headLength += whole.length;
      return undefined;
    }
    const text = head.join('\n');
    head = [];
    headLength = 0;
    if (!status.startsWith('1')) return { kind: 'response', status: Number(status), reason, server: serverIn(text) };
    provisional += 1;
    return provisional < maxProvisional ? undefined : { kind: 'not-sip', line: first };
  };
  return (piece) => {
    received += piece.length;
    const [rest = '', ...later] = piece.split('\n');
    line += rest;
    for (const next of later) {
      const response = take();
      if (response !== undefined) return response;
      line = next;
    }
    const [first = line.replace(/^\r+/, '')] = head;
    const isTooLong = headLength + line.length > maxHeadLength || received > maxLength;
    return isTooLong || (head.length === 0 && !canBecomeStatusLine(first))
      ? { kind: 'not-sip', line: first }
      : undefined;
  };
}

function canBecomeStatusLine(line: string): boolean {
  const start = 'SIP/2.0 ';
  return start.startsWith(line.slice(0, start.length).toUpperCase());
}

function serverIn(head: string): string | null {
  const named = (name: string) => new RegExp(`^${name}[ \\t]*:(.*)`, 'im').exec(head)?.[1]?.trim();
  return named('Server') ?? named('User-Agent') ?? null;
}
