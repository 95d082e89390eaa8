import { hash } from 'node:crypto';
import type { DigestPlan, RequestPlan, ValuesPlan } from './load-job.ts';

/** Returns the next request of a connection, or undefined if there is none left. */
export type RequestSource = (connection: number) => string | undefined;

export function requestSource(plan: RequestPlan): RequestSource {
  switch (plan.kind) {
    case 'same':
      return () => plan.text;
    case 'values':
      return valuesSource(plan);
    case 'digest':
      return digestSource(plan);
  }
}

function valuesSource({ before, values, after, repeat }: ValuesPlan): RequestSource {
  let next = 0;
  return () => {
    if (repeat && next === values.length) next = 0;
    const value = values[next++];
    return value === undefined ? undefined : before + value + after;
  };
}

function digestSource({ before, username, realm, uri, ha1, nonces }: DigestPlan): RequestSource {
  const counts = nonces.map(() => 0);
  const ha2 = hash('sha256', `GET:${uri}`);
  const cnonce = '6d53ef1a';
  return (connection) => {
    const nonce = nonces[connection];
    const count = (counts[connection] ?? 0) + 1;
    counts[connection] = count;
    const nc = count.toString(16).padStart(8, '0');
    const response = hash('sha256', `${ha1}:${nonce}:${nc}:${cnonce}:auth:${ha2}`);
    return (
      `${before}: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=SHA-256, ` +
      `qop=auth, nc=${nc}, cnonce="${cnonce}", response="${response}"\r\n\r\n`
    );
  };
}
