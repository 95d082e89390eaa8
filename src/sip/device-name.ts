export interface DeviceDescription {
  /** A name for people, such as `Linphone 5.2.5 on Android (Pixel 7)`. */
  readonly name: string;
  /** The version of the app; null if unknown. */
  readonly version: string | null;
}

/** The facts in a phone's `User-Agent`; null for what it does not contain. */
export interface DeviceFacts {
  /** For example `Linphone on Android`, or the name of a branded app. */
  readonly app: string | null;
  readonly version: string | null;
  /** The name of the phone's model, such as `Pixel 7`. */
  readonly model: string | null;
}

const systems: Readonly<Record<string, string>> = { android: ' on Android', ios: ' on iOS', desktop: ' on a computer' };

/** Parses the `User-Agent` of a phone, such as `LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/…`. */
export function readAgent(agent: string): DeviceFacts {
  const parts = partsOf(agent);
  if (parts === undefined) return { app: null, version: null, model: null };
  return { app: `${parts.app}${parts.place}`, version: parts.version, model: parts.model };
}

/**
 * Returns the version of Linphone's library, which differs from the versions of the apps. Returns undefined if it is
 * unknown.
 */
export function readSdkVersion(agent: string): { readonly major: number; readonly minor: number } | undefined {
  // The console client has the same version as its library.
  const match = /(?:^linphonec|\blinphone(?:sdk|core))\/(?<major>\d{1,3})\.(?<minor>\d{1,3})(?!\d)/i.exec(agent);
  return match?.groups && { major: Number(match.groups.major), minor: Number(match.groups.minor) };
}

/** Returns whether a `User-Agent` is from Linphone, a branded app or Linphone's library. */
export function isLinphoneAgent(agent: string): boolean {
  return partsOf(agent) !== undefined || readSdkVersion(agent) !== undefined;
}

/** Describes a phone by its `User-Agent`. */
export function describeDevice(agent: string): DeviceDescription {
  const parts = partsOf(agent);
  if (parts === undefined) return { name: 'unknown phone', version: null };
  const { app, version, place, model } = parts;
  return { name: `${app} ${version}${place}${model === null ? '' : ` (${model})`}`, version };
}

export function deviceName(agent: string): string {
  return describeDevice(agent).name;
}

interface Parts {
  readonly app: string;
  readonly version: string;
  readonly place: string;
  readonly model: string | null;
}

const shape =
  /^(?<product>[^()/]{1,60}?)[- ]?(?<system>android|ios|desktop)?\/(?<version>\d[\w.+~-]{0,40})(?: \((?<model>[^()]{1,80})\))?/i;
const ownProduct = /^linphonec?$/i;
const namesLibrary = /\blinphone(?:sdk|core)\//i;

/** Splits the User-Agent of Linphone or a branded app. The latter has Linphone's library after its own name. */
function partsOf(agent: string): Parts | undefined {
  const match = shape.exec(agent);
  const { product = '', system = '', version = '', model = '' } = match?.groups ?? {};
  const isOwn = ownProduct.test(product);
  if (match === null || !(isOwn || namesLibrary.test(agent.slice(match[0].length)))) return undefined;
  const app = isOwn ? 'Linphone' : product.trim();
  return { app, version, place: systems[system.toLowerCase()] ?? '', model: model.trim() || null };
}
