import { Type } from 'typebox';
import { aboutServer, aboutValue, type Complaint } from '../errors/complaints.ts';
import { nullable } from '../lib/check-shape.ts';
import { parseDuration } from '../lib/duration.ts';
import { checkCharacters } from '../lib/forbidden-characters.ts';
import { parseTurnServer } from '../sip/turn-server.ts';
import { checkRealm, holdRealm } from './check-setting.ts';
import { durationSetting, secretSetting, setting } from './space-setting.ts';

const day = 86_400_000;
const minLifetimeMs = 60_000;
const maxLifetimeMs = 366 * day;

/** The part of `spaceSettings` about the space's TURN server. */
export const turnSettings = {
  turn_server: setting({
    schema: nullable(
      Type.String({
        maxLength: 300,
        description: "The space's TURN server: `host[:port]` or a `turn:`, `turns:` or `stun:` URI; null: none.",
      }),
    ),
    default: null,
    check: checkTurnServer,
  }),
  // Stored unhashed, because credentials are derived from it.
  turn_secret: secretSetting({
    schema: nullable(
      Type.String({
        minLength: 8,
        maxLength: 200,
        writeOnly: true,
        'x-verbatim': true,
        description: "The secret shared with the TURN server (coturn's `static-auth-secret`); never shown; null: none.",
      }),
    ),
    default: null,
    fromFile: 'line',
    check: checkCharacters,
  }),
  turn_lifetime: durationSetting({
    description: 'How long TURN credentials stay valid, from `1m` to `366d`; null: `1d`.',
    default: day,
    check: checkTurnLifetime,
  }),
  turn_realm: setting({
    schema: nullable(
      Type.String({ minLength: 1, maxLength: 127, description: "The TURN server's realm; null: the space's domain." }),
    ),
    default: null,
    check: checkRealm,
    hold: holdRealm,
  }),
  turn_in_document: setting({
    schema: Type.Boolean({ description: 'Whether documents contain TURN credentials.' }),
    default: false,
  }),
};

function checkTurnServer(text: string): Complaint | undefined {
  return parseTurnServer(text) === undefined ? aboutServer(text, { code: 'not-a-turn-server' }) : undefined;
}

function checkTurnLifetime(text: string): Complaint | undefined {
  const milliseconds = parseDuration(text);
  return milliseconds === undefined || milliseconds < minLifetimeMs || milliseconds > maxLifetimeMs
    ? aboutValue(text, { code: 'not-a-duration', from: '1m', to: '366d', examples: ['24h'] })
    : undefined;
}
