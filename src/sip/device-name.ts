export interface DeviceDescription {
  /** A name for people, such as `Linphone 5.2.5 on Android (Pixel 7)`. */
  readonly name: string;
  /** The version of the app; null if unknown. */
  readonly version: string | null;
}

/** What a `User-Agent` tells, as far as it does. */
export interface DeviceFacts {
  /** `Linphone on Android`. */
  readonly app: string | null;
  readonly version: string | null;
  /** What the phone calls itself, such as `Pixel 7`. */
  readonly model: string | null;
}

const systems: Readonly<Record<string, string>> = { android: ' on Android', ios: ' on iOS', desktop: ' on a computer' };

/** Reads the `User-Agent` of a phone, such as `LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/…`. */
export function readAgent(agent: string): DeviceFacts {
  const { product, system, version, model } = partsOf(agent);
  if (product === undefined || version === undefined) return { app: null, version: null, model: null };
  return { app: `Linphone${placeOf(system)}`, version, model: model?.trim() ?? null };
}

/** Describes a phone by its `User-Agent`. */
export function describeDevice(agent: string): DeviceDescription {
  const { product = '', system = '', version, model } = partsOf(agent);
  if (product === '' || version === undefined) return { name: 'unknown phone', version: null };
  return { name: `Linphone ${version}${placeOf(system)}${model === undefined ? '' : ` (${model.trim()})`}`, version };
}

export function deviceName(agent: string): string {
  return describeDevice(agent).name;
}

function partsOf(agent: string): Readonly<Record<string, string | undefined>> {
  const match =
    /^(?<product>linphone)[- ]?(?<system>android|ios|desktop|c)?\/(?<version>\d[\w.+~-]{0,40})(?: \((?<model>[^()]{1,80})\))?/i.exec(
      agent,
    );
  return match?.groups ?? {};
}

function placeOf(system = ''): string {
  return systems[system.toLowerCase()] ?? '';
}
