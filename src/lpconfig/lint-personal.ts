import type { Section } from './document.ts';
import type { LintSubject, Remark } from './lint-check.ts';

type Owner = 'device' | 'person';

/** A key whose value belongs to one device or person: always, or only if it matches `when`. */
interface OwnedKey {
  readonly owner: Owner;
  readonly when?: RegExp;
}

// Excludes names of sound cards and cameras that work on every device.
const namedCard = /^(?!.*(?:default|android|opensles|aaudio|audio ?unit|audio queue|null|file))/i;
const namedCamera = /^(?!.*(?:static|nowebcam|frontfacing|backfacing|\/dev\/video))/i;
const hostAddress = /^(?!0\.0\.0\.0$|127\.|::|\[::)(?:\d+(?:\.\d+){3}|\[?[0-9a-f]*:[0-9a-f:.]+\]?)$/i;
/**
 * A User-Agent as the apps write it, with the device's name: `Linphone-Desktop/6.0.0 (my-laptop) … LinphoneSDK/5.4.17`.
 */
const ownAgent = /^[^/(]*\/[^(]*\([^)]+\).*Linphone(?:SDK|Core)\//;
const instance = /\+sip\.instance=|;gr=urn:uuid:/i;
const pushToken = /\bpn-(?:prid|tok)=[^;\s]/i;

const owned: Readonly<Record<string, OwnedKey>> = {
  'misc/uuid': { owner: 'device' },
  'misc/physical_device_identifier': { owner: 'device' },
  'app/push_notification_regid': { owner: 'device' },
  'app/device': { owner: 'device' },
  'app/device_name': { owner: 'device' },
  'ui/device_name': { owner: 'device' },
  'sip/user_agent': { owner: 'device', when: ownAgent },
  'ui/call_forward_to_address': { owner: 'person' },
  // The apps' own default is not personal: "Linphone Android" <sip:linphone.android@unknown-host>.
  'sip/contact': { owner: 'person', when: /@(?!unknown-host\b)/i },
  'sip/bind_address': { owner: 'device', when: hostAddress },
  'rtp/bind_address': { owner: 'device', when: hostAddress },
  'sound/capture_dev_id': { owner: 'device', when: namedCard },
  'sound/playback_dev_id': { owner: 'device', when: namedCard },
  'sound/ringer_dev_id': { owner: 'device', when: namedCard },
  'sound/ringer_dev_id2': { owner: 'device', when: namedCard },
  'sound/ringer_dev_id3': { owner: 'device', when: namedCard },
  'sound/media_dev_id': { owner: 'device', when: namedCard },
  'video/device': { owner: 'device', when: namedCamera },
  'lime/last_update_time': { owner: 'device', when: /^[1-9]/ },
  'push_notification/push_parameters': { owner: 'device', when: pushToken },
  'proxy_N/push_parameters': { owner: 'device', when: pushToken },
  'proxy_N/contact_uri_parameters': { owner: 'device', when: pushToken },
  'proxy_N/contact_parameters': { owner: 'device', when: new RegExp(`${pushToken.source}|${instance.source}`, 'i') },
  'proxy_N/reg_identity': { owner: 'person' },
  // The assistant of the apps fills in the user: sip:?@sip.example.com.
  'proxy_default_values/reg_identity': { owner: 'person', when: /^(?!.*sips?:\?@)/i },
};

interface KeptSections {
  readonly owner: Owner;
  readonly message: string;
  readonly remedy?: string;
}

/** Sections that exist dozens of times in a phone, so that one finding covers all of them. */
const kept: Readonly<Record<string, KeptSections>> = {
  call_log_N: { owner: 'device', message: 'belongs to the call history of one phone' },
  friend_N: {
    owner: 'person',
    message: 'belongs to the contacts of one phone',
    remedy: 'Remove it; contacts that everybody should have go into a contact list.',
  },
};

/** Home folders, and the random folders that iOS creates for each installation and an AppImage for each start. */
const ownFolder =
  /^(?:file:\/\/)?(?:\/home\/[^/]+\/|\/root\/|\/Users\/(?!Shared\/)[^/]+\/|\/?[a-z]:[\\/]Users[\\/](?!Public[\\/])[^\\/]+[\\/]|(?:\/private)?\/var\/(?:mobile\/Containers|containers\/Bundle\/Application)\/|\/tmp\/\.mount_)/i;

/**
 * Finds values that must not be shared. In a text for everybody, these are values of one person or one device. In a
 * text for one person, who may have several phones, they are values of one device.
 */
export function* checkPersonalValues({ document, audience, accountAdded }: LintSubject): Generator<Remark> {
  if (!accountAdded) return;
  const told = new Set<string>();
  for (const [section, entries] of document) {
    if (isPrivate(section)) continue;
    const generic = withoutNumber(section);
    // A section may have the name of a property that every object has, such as `constructor`.
    const history = Object.hasOwn(kept, generic) ? kept[generic] : undefined;
    if (history !== undefined) {
      const { owner, message, remedy } = history;
      const isEmpty = [...entries.values()].every(({ value }) => value === '');
      if (isEmpty || told.has(generic) || !isForeign(owner, audience)) continue;
      told.add(generic);
      const more = remedy === undefined ? {} : { remedy };
      yield { rule: 'personal-value', section, message: `${section} ${message}`, ...more };
      continue;
    }
    for (const [key, { value }] of entries) {
      const owner = value === '' ? undefined : (ownerOf(`${generic}/${key}`, value) ?? ownerOfMailbox(key, entries));
      if (owner === undefined || !isForeign(owner, audience)) continue;
      yield { rule: 'personal-value', section, key, message: `${key} has a value that belongs to one ${owner}` };
    }
  }
}

function ownerOf(name: string, value: string): Owner | undefined {
  const { owner, when } = owned[name] ?? {};
  if (owner !== undefined && when?.test(value) !== false) return owner;
  return ownFolder.test(value) ? 'device' : undefined;
}

const mailboxKeys: readonly string[] = ['voicemail_uri', 'mwi_server_uri'];

/**
 * Returns whose mailbox it is. With the number of the account it belongs to that person; with a number of its own, to
 * everybody.
 */
function ownerOfMailbox(key: string, entries: Section): Owner | undefined {
  if (!mailboxKeys.includes(key)) return undefined;
  const user = userOf(entries.get('reg_identity')?.value);
  return user !== undefined && user === userOf(entries.get(key)?.value) ? 'person' : undefined;
}

function userOf(address = ''): string | undefined {
  return /sips?:([^@:;<>"]{1,256})(?::[^@<>"]{0,256})?@/i.exec(address)?.[1];
}

function isForeign(owner: Owner, audience: LintSubject['audience']): boolean {
  return audience === 'everybody' || owner === 'device';
}

/** Returns whether a section is the operator's own and read by no phone. */
function isPrivate(section: string): boolean {
  return /^x[-_]/i.test(section);
}

function withoutNumber(name: string): string {
  return name.replace(/_(?:0|[1-9]\d*)$/, '_N');
}
