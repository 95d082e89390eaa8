import { type Static, Type } from 'typebox';
import { nullable } from '../lib/check-shape.ts';
import { parseDuration } from '../lib/duration.ts';
import { parseTurnServer } from '../sip/turn-server.ts';

export const turnSettings = {
  turn_server: Type.Optional(
    nullable(
      Type.String({
        maxLength: 300,
        description: "The space's TURN server: `host[:port]` or a `turn:`, `turns:` or `stun:` URI; null: none.",
      }),
    ),
  ),
  turn_lifetime: Type.Optional(
    nullable(
      Type.String({ maxLength: 20, description: 'How long TURN credentials last, from `1m` to `366d`; null: `1d`.' }),
    ),
  ),
  turn_realm: Type.Optional(
    nullable(
      Type.String({ minLength: 1, maxLength: 127, description: "The TURN server's realm; null: the space's domain." }),
    ),
  ),
  turn_in_document: Type.Optional(
    Type.Boolean({ description: 'Whether phones are handed TURN credentials in their document.' }),
  ),
};

/** What is written and never read. */
export const turnSecretSetting = {
  turn_secret: Type.Optional(
    nullable(
      Type.String({
        minLength: 8,
        maxLength: 200,
        writeOnly: true,
        description: "The secret shared with the TURN server (coturn's `static-auth-secret`); never shown; null: none.",
      }),
    ),
  ),
};

export const turnSecretShown = {
  turn_secret_set: Type.Boolean({ description: 'Whether there is a `turn_secret`.' }),
};

const shape = Type.Object({ ...turnSettings, ...turnSecretSetting });
export type TurnFields = Static<typeof shape>;

const shortest = 60_000;
const longest = 366 * 86_400_000;

export function checkTurnServer(text: string): string | undefined {
  return parseTurnServer(text) === undefined
    ? 'must be a host in lower case, host:port, or a URI such as turn:turn.example.com:3478?transport=udp'
    : undefined;
}

export function checkTurnLifetime(text: string): string | undefined {
  const milliseconds = parseDuration(text);
  return milliseconds === undefined || milliseconds < shortest || milliseconds > longest
    ? 'must be a duration from 1m to 366d, such as 24h'
    : undefined;
}
