import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../app.ts';
import { STATUS_CODES } from '../../http/node-http.ts';
import type { AnsweredWith } from '../../http/sent.ts';
import { headerText } from '../../lib/header-text.ts';

const maxShown = 100;

const codeAnswers: Readonly<Record<AnsweredWith, string>> = {
  account: "200: alice's account; the code is now used up",
  base: '200: the settings without an account, because this code is unknown or used up',
  'base-for-no-phone': '200: the settings without an account, because this is not a phone; the code is not used up',
  'landing-page': '200: the page for browsers; the code is not used up',
  preview: '200: a page without the code, for link previews and scanners; the code is not used up',
  ending: '200: the settings that remove the account, because this device is revoked',
};

/** Describes a request and its answer: `12:00:01  GET /provisioning/7HeK… → the account; the code is now used up`. */
export function requestInWords(app: App, request: FastifyRequest, reply: FastifyReply): string {
  const time = new Date(app.now()).toTimeString().slice(0, 8);
  const agent = headerText(request.headers['user-agent'] ?? 'a program without a name');
  return `${time}  ${request.method} ${shortened(request.url)}  (${printable(agent)})\n          → ${answerInWords(request, reply)}\n`;
}

function answerInWords(request: FastifyRequest, reply: FastifyReply): string {
  const { statusCode: status } = reply;
  const { answeredWith } = request;
  if (request.raw.destroyed && !reply.raw.writableFinished) return 'the connection broke before the answer was sent';
  if (status === 401) return '401: the client must sign in (HTTP Digest)';
  if (status !== 200) return `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  if (request.method === 'HEAD') return '200 without a body; this uses up no code';
  switch (request.routeOptions.url) {
    case '/provisioning/qrcode/:token':
      return '200: the QR code; this does not use it up';
    case '/provisioning':
      return '200: the settings without an account';
    case '/provisioning/me':
      return answeredWith === 'account'
        ? "200: alice's account, which a phone fetches at each start"
        : inWords(answeredWith);
    case '/contacts/vcard':
      return "200: alice's contacts";
    default:
      return inWords(answeredWith);
  }
}

function inWords(answeredWith: AnsweredWith | undefined): string {
  return answeredWith === undefined ? '200' : codeAnswers[answeredWith];
}

/** Returns the path with its secrets shortened. */
function shortened(url: string): string {
  const [path = '', query] = url.split('?', 2);
  const shown = query?.replace(/=[^&]{16,}/g, '=…');
  const parts = path.split('/').map((part) => (part.length > 16 ? `${part.slice(0, 4)}…` : part));
  const text = `${parts.join('/')}${shown === undefined ? '' : `?${shown}`}`;
  return printable(text);
}

/** Makes control characters in text from outside visible, because a terminal would execute them. */
function printable(text: string): string {
  const plain = text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?');
  return plain.length > maxShown ? `${plain.slice(0, maxShown)}…` : plain;
}
