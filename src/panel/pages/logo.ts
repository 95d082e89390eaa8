import { AppError } from '../../errors.ts';
import { openEndpoint } from '../../http/route.ts';
import { send } from '../../http/sent.ts';
import { findLogo } from '../../spaces/logo.ts';

export const showLogo = openEndpoint({
  params: ['hash'],
  summary: "Get a space's logo by its hash",
  needsNoDatabase: true,
  produces: ['image/png', 'image/jpeg'],
  handle({ app, params, reply }) {
    const logo = findLogo(app.spaces.all, params.hash);
    if (logo === undefined) throw new AppError('not-found', { what: 'page' });
    reply
      .header('content-type', logo.type)
      .header('cache-control', 'public, max-age=31536000, immutable')
      // The bytes come from a user, so a browser must show them as a picture or not at all.
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('content-disposition', 'inline');
    return send(reply, logo.bytes);
  },
});
