import type { Account } from '../accounts/account.ts';
import { type Document, documentOf, mergeDocuments } from '../lpconfig/document.ts';
import { computeHa1 } from '../sip/ha1.ts';
import type { Space } from '../spaces/space.ts';
import { findTurnAccess } from '../spaces/turn.ts';
import { nextFree } from './account-layer.ts';

/** The name of the account's NAT policy. It cannot collide, because the names that Linphone generates are random. */
const policyRef = 'ringup_turn';

/** Returns the next free section names for TURN. The document must already contain the account. */
export function turnSections(document: Document): { readonly policy: string; readonly auth: string } {
  return { policy: nextFree(document, 'nat_policy_'), auth: nextFree(document, 'auth_info_') };
}

/** Returns the account's document with TURN credentials and a NAT policy that uses them. */
export function addTurn(document: Document, account: Account, space: Space, now: number): Document {
  const access = findTurnAccess(space, account.username, now);
  if (access === undefined) return document;
  const { username, password, realm, server } = access;
  const [transport] = server.transports;
  const { policy, auth } = turnSections(document);
  const turn = {
    proxy_0: { nat_policy_ref: policyRef },
    [policy]: {
      ref: policyRef,
      // Linphone uses one port for all transports, by default 3478.
      stun_server: `${server.host}:${server.port ?? (transport === 'tls' ? 5349 : 3478)}`,
      stun_server_username: username,
      protocols: 'stun,turn,ice',
      turn_enable_udp: transport === 'udp' ? '1' : '0',
      turn_enable_tcp: transport === 'tcp' ? '1' : '0',
      turn_enable_tls: transport === 'tls' ? '1' : '0',
    },
    [auth]: {
      username,
      userid: '',
      passwd: '',
      // This is also the key of TURN's long-term credentials (RFC 8489, 9.2.2).
      ha1: computeHa1('MD5', username, realm, password),
      realm,
      domain: '',
      algorithm: 'MD5',
    },
  };
  return mergeDocuments(document, documentOf(turn, { layer: 'server' }));
}
