import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../errors.ts';
import { clientOf, queryHas, queryOf } from '../http/client-facts.ts';
import { openEndpoint } from '../http/route.ts';
import { send } from '../http/sent.ts';
import { fewEachTurn } from '../lib/few-each-turn.ts';
import { qrPng, qrSvg } from '../lib/qr-code.ts';
import { showTokenCode } from '../provisioning/visit-token.ts';
import { provisioningUrl } from '../tokens/token-urls.ts';

/** The query of a code's address. A parameter counts as set even if it has no value. */
export const resetPasswordQuery = Type.Object({
  reset_password: Type.Optional(
    Type.String({ description: 'If present, with any value: using the code also sets a new random password.' }),
  ),
});

const sizes = { minimum: 100, maximum: 2000 };

const pictureQuery = Type.Object({
  format: Type.Optional(Type.Enum(['png', 'svg'], { default: 'png' })),
  size: Type.Optional(Type.Integer({ ...sizes, description: 'The width in pixels.' })),
  ...resetPasswordQuery.properties,
});

const shared = {
  params: ['token'],
  summary: 'Get the QR code of a valid token, as PNG or, with `format=svg`, as SVG; does not use the token up',
  description: '`X-Qrcode-URL` has the address in the code.',
  readsQuery: pictureQuery,
  produces: ['image/png', 'image/svg+xml'],
} as const;

/**
 * Drawing a code takes as long as answering ten other requests, and a turn of its own for each drawing would double
 * that.
 */
export const turnToDraw = fewEachTurn(8);

export const showQrCode = openEndpoint({
  ...shared,
  async handle({ app, params: { token }, request, reply }) {
    const { format, size } = pictureOptions(request);
    const { space } = await showTokenCode(app, { kind: 'provisioning', token, client: clientOf(request) });
    const url = provisioningUrl(space, app.publicUrl, token, {
      resetPassword: queryHas(request, 'reset_password'),
    });
    await turnToDraw();
    reply.header('x-qrcode-url', url);
    return format === 'svg'
      ? send(reply.header('content-type', 'image/svg+xml'), Buffer.from(qrSvg(url, size)))
      : send(reply.header('content-type', 'image/png'), qrPng(url, size));
  },
});

function pictureOptions(request: FastifyRequest): { format: 'png' | 'svg'; size: { size?: number } } {
  const query = queryOf(request);
  const format = query.get('format') ?? 'png';
  if (format !== 'png' && format !== 'svg')
    throw new AppError('request-malformed', { why: 'picture-format', value: format });
  const size = query.get('size');
  if (size === null) return { format, size: {} };
  const pixels = /^\d{1,5}$/.test(size) ? Number(size) : 0;
  if (pixels < sizes.minimum || pixels > sizes.maximum)
    throw new AppError('request-malformed', { why: 'picture-size', value: size });
  return { format, size: { size: pixels } };
}
