import { Type } from 'typebox';
import { endpoint } from '../http/route.ts';
import { turnUris } from '../sip/turn-server.ts';
import { getTurnAccess } from '../spaces/turn.ts';

const turnAnswer = Type.Object({
  username: Type.String({ description: 'The second since 1970 at which it ends, a colon, the user name.' }),
  password: Type.String(),
  ttl: Type.Integer({ description: 'Seconds.' }),
  uris: Type.Array(Type.String(), { description: 'Of RFC 7065, the preferred one first.' }),
});

export const turnCredentials = endpoint({
  summary: "Time-limited credentials for the space's TURN server",
  description: 'New ones each time, by draft-uberti-behave-turn-rest. 404 where the space has no TURN server.',
  answer: turnAnswer,
  handle({ app, caller, reply }) {
    reply.header('cache-control', 'no-store');
    const access = getTurnAccess(caller.space, caller.account.username, app.now());
    const { username, password, lifetimeMs, server } = access;
    return { username, password, ttl: Math.floor(lifetimeMs / 1000), uris: turnUris(server) };
  },
});
