import { Type } from 'typebox';
import { endpoint } from '../http/route.ts';
import { turnUris } from '../sip/turn-server.ts';
import { getTurnAccess } from '../spaces/turn.ts';

const turnAnswer = Type.Object({
  username: Type.String({ description: 'The expiry in seconds since 1970, a colon, and the user name.' }),
  password: Type.String(),
  ttl: Type.Integer({ description: 'Seconds.' }),
  uris: Type.Array(Type.String(), { description: 'In the form of RFC 7065, the preferred one first.' }),
});

export const turnCredentials = endpoint({
  summary: "Get time-limited credentials for the space's TURN server",
  description: 'New ones for each request, as in draft-uberti-behave-turn-rest. 404 if the space has no TURN server.',
  answer: turnAnswer,
  handle({ app, caller }) {
    const access = getTurnAccess(caller.space, caller.account.username, app.now());
    const { username, password, lifetimeMs, server } = access;
    return { username, password, ttl: Math.floor(lifetimeMs / 1000), uris: turnUris(server) };
  },
});
