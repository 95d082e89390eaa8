import { Type } from 'typebox';
import { endpoint } from '../http/route.ts';
import { turnUris } from '../sip/turn-server.ts';
import { getTurnAccess } from '../spaces/turn.ts';

const turnAnswer = Type.Object(
  {
    username: Type.String({ description: 'The expiry in seconds since 1970, a colon, and the user name.' }),
    password: Type.String(),
    ttl: Type.Integer({ description: 'For how many seconds they are valid, at least `turn_lifetime`.' }),
    uris: Type.Array(Type.String(), { description: 'In the form of RFC 7065, the preferred one first.' }),
  },
  { title: 'TurnCredentials' },
);

export const turnCredentials = endpoint({
  summary: "Get time-limited credentials for the space's TURN server",
  description:
    'As in draft-uberti-behave-turn-rest. They change each half `turn_lifetime`. 404 if the space has no TURN server.',
  mayBeMissing: true,
  answer: turnAnswer,
  handle({ app, caller }) {
    const now = app.now();
    const { username, password, expiresAt, server } = getTurnAccess(caller.space, caller.account.username, now);
    return { username, password, ttl: Math.floor((expiresAt - now) / 1000), uris: turnUris(server) };
  },
});
