import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { answerChallenge, type DigestAnswer } from './digest-client.ts';

export interface DigestRequest extends Partial<Omit<DigestAnswer, 'method'>> {
  readonly username: string;
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Returns the `WWW-Authenticate` lines of an answer, which may be none. */
export function challengesOf(response: LightMyRequestResponse): string[] {
  return [response.headers['www-authenticate'] ?? []].flat();
}

/** Returns the challenges without their nonces, to compare them. */
export function withoutNonces(response: LightMyRequestResponse): string[] {
  return challengesOf(response).map((line) => line.replace(/nonce="[^"]*"/, 'nonce=""'));
}

/** Sends a request, is challenged, and sends it again with the answer to the challenge. */
export async function requestByDigest(
  server: FastifyInstance,
  request: DigestRequest,
): Promise<LightMyRequestResponse> {
  const first = await sendByDigest(server, request, undefined);
  return sendByDigest(server, request, authorize(challengesOf(first), request));
}

/** Returns the `Authorization` header for a request, by the challenges of an earlier answer. */
export function authorize(challenges: readonly string[], request: DigestRequest): string {
  const { method = 'GET', url, uri = url, headers: _, body: __, ...answer } = request;
  return answerChallenge(challenges, { ...answer, method, uri });
}

export async function sendByDigest(
  server: FastifyInstance,
  { method = 'GET', url, headers = {}, body }: DigestRequest,
  authorization: string | undefined,
): Promise<LightMyRequestResponse> {
  return server.inject({
    method,
    url,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
}
