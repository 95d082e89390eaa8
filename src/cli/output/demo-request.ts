import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../app.ts';
import type { AnsweredWith } from '../../http/answered-with.ts';

const maxShown = 100;

const codeAnswers: Readonly<Record<AnsweredWith, string>> = {
  account: "200: alice's account; the code is used up now",
  base: '200: the settings without an account, as this code was used, or is not known',
  'base-for-no-phone': '200: the settings without an account, as no phone asks like that; that uses nothing up',
  'landing-page': '200: the page for browsers; that uses nothing up',
  preview: '200: a page without the code, for link previews and scanners; that uses nothing up',
  ending: '200: the settings that take the account away, as this device is revoked',
};

/** One line on a request and its answer: `12:00:01  GET /provisioning/7HeK… → the account; the code is used up now`. */
export function requestInWords(app: App, request: FastifyRequest, reply: FastifyReply): string {
  const time = new Date(app.now()).toTimeString().slice(0, 8);
  const agent = request.headers['user-agent'] ?? 'a program without a name';
  return `${time}  ${request.method} ${shortened(request.url)}  (${printable(agent)})\n          → ${answerInWords(request, reply)}\n`;
}

function answerInWords(request: FastifyRequest, reply: FastifyReply): string {
  const { statusCode: status } = reply;
  const { answeredWith } = request;
  if (request.raw.destroyed && !reply.raw.writableFinished) return 'the connection broke before the answer was out';
  if (status === 401) return '401: it has to prove who it is (HTTP Digest)';
  if (status !== 200) return `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  if (request.method === 'HEAD') return '200 without a body; that uses nothing up';
  switch (request.routeOptions.url) {
    case '/provisioning/qrcode/:token':
      return '200: the QR code; that uses nothing up';
    case '/provisioning':
      return '200: the settings without an account';
    case '/provisioning/me':
      return answeredWith === 'account' ? "200: alice's account, as at each start" : inWords(answeredWith);
    case '/contacts/vcard':
      return '200: her contacts';
    default:
      return inWords(answeredWith);
  }
}

function inWords(answeredWith: AnsweredWith | undefined): string {
  return answeredWith === undefined ? '200' : codeAnswers[answeredWith];
}

/** The path without the secrets in it. */
function shortened(url: string): string {
  const [path = '', query] = url.split('?', 2);
  const parts = path.split('/').map((part) => (part.length > 16 ? `${part.slice(0, 4)}…` : part));
  const text = `${parts.join('/')}${query === undefined ? '' : `?${query}`}`;
  return printable(text);
}

/** What others sent may hold what a terminal obeys. */
function printable(text: string): string {
  const plain = text.replace(/[^\x20-\x7e…]/g, '?');
  return plain.length > maxShown ? `${plain.slice(0, maxShown)}…` : plain;
}
