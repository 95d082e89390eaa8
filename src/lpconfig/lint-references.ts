import { visibleValue } from './address-passwords.ts';
import type { Document, Section } from './document.ts';
import { type LintSubject, numbered, type Remark, valueIn } from './lint-check.ts';

const policyKey = 'nat_policy_ref';

/** Checks references between sections: the NAT policy, account or credentials that a section refers to must exist. */
export function* checkReferences(subject: LintSubject): Generator<Remark> {
  yield* checkPolicies(subject);
  yield* checkMasters(subject);
  yield* checkDefaultAccount(subject);
  yield* checkTurnUsers(subject);
}

/**
 * Returns the values of all `nat_policy_ref`s. A value can be the name of a section. liblinphone then finds the section
 * without a `ref`, whatever its number is.
 */
export function policiesReferredTo(document: Document): ReadonlySet<string> {
  return new Set(policyReferences(document).map(({ ref }) => ref));
}

function policyReferences(document: Document): { section: string; ref: string }[] {
  const accounts = numbered(document, 'proxy_').map(({ name }) => name);
  return ['net', 'proxy_default_values', ...accounts].flatMap((section) => {
    const ref = valueIn(document.get(section), policyKey);
    return ref === undefined ? [] : [{ section, ref }];
  });
}

function* checkPolicies({ document }: LintSubject): Generator<Remark> {
  const refs = new Set(numbered(document, 'nat_policy_').map(({ section }) => valueIn(section, 'ref')));
  for (const { section, ref } of policyReferences(document)) {
    if (refs.has(ref) || (document.get(ref)?.size ?? 0) > 0) continue;
    yield {
      rule: 'reference-to-nothing',
      section,
      key: policyKey,
      message: `No nat_policy_N has the ref ${visibleValue(ref)}`,
      value: visibleValue(ref),
      effect: 'The phone uses an empty policy: no STUN, no TURN, no ICE.',
      remedy: `Add a section nat_policy_N with ref=${visibleValue(ref)}, or leave ${policyKey} out.`,
    };
  }
}

function* checkMasters({ document, idkeys }: LintSubject): Generator<Remark> {
  const accounts = numbered(document, 'proxy_');
  // Newer versions use the refkey of an account that has no idkey.
  const idkeyOf = (section: Section) => valueIn(section, 'idkey') ?? valueIn(section, 'refkey');
  const owners = new Map<string | undefined, number>();
  for (const { section } of accounts) owners.set(idkeyOf(section), (owners.get(idkeyOf(section)) ?? 0) + 1);
  for (const { name: section, section: entries } of accounts) {
    const master = valueIn(entries, 'depends_on');
    if (master === undefined || idkeys.includes(master)) continue;
    if ((owners.get(master) ?? 0) > (idkeyOf(entries) === master ? 1 : 0)) continue;
    const message = `No other account has the idkey ${visibleValue(master)}`;
    yield { rule: 'depends-on-nothing', section, key: 'depends_on', message, value: visibleValue(master) };
  }
}

function* checkDefaultAccount({ document, accountAdded }: LintSubject): Generator<Remark> {
  const key = 'default_proxy';
  const wanted = Number(valueIn(document.get('sip'), key) ?? Number.NaN);
  if (!Number.isInteger(wanted) || wanted < 0) return;
  const last = numbered(document, 'proxy_').at(-1)?.index ?? -1;
  // Without an account, Linphone and its apps write 0. The first account then becomes the default.
  if (wanted === 0 && last === -1) return;
  // Both the account and its external account may be added.
  if (wanted <= (accountAdded ? Math.max(last, 0) + 1 : last)) return;
  yield {
    rule: 'reference-to-nothing',
    section: 'sip',
    key,
    message: `There is no proxy_${wanted}`,
    value: String(wanted),
    effect: 'The phone has no default account.',
    remedy: 'Write the number of an account, or leave default_proxy out.',
  };
}

/** Texts for everybody contain no credentials, because hooks add them. */
function* checkTurnUsers({ document, audience }: LintSubject): Generator<Remark> {
  if (audience === 'everybody') return;
  const users = new Set(numbered(document, 'auth_info_').map(({ section }) => valueIn(section, 'username')));
  for (const { name: section, section: entries } of numbered(document, 'nat_policy_')) {
    const key = 'stun_server_username';
    const user = valueIn(entries, key);
    const protocols = valueIn(entries, 'protocols')?.split(',') ?? [];
    if (user === undefined || users.has(user) || !protocols.some((each) => each.trim() === 'turn')) continue;
    yield {
      rule: 'reference-to-nothing',
      section,
      key,
      message: `No auth_info_N has the username ${visibleValue(user)}`,
      value: visibleValue(user),
      effect: 'The phone has no password for the TURN server, and calls get no relay.',
      remedy: 'Add a section auth_info_N with this username and its password.',
    };
  }
}
