export interface DeviceDescription {
  /** A name for people, such as `Linphone 5.2.5 on Android (Pixel 7)`. */
  readonly name: string;
  /** The version of the app; null if unknown. */
  readonly version: string | null;
}

const systems: Readonly<Record<string, string>> = { android: ' on Android', ios: ' on iOS', desktop: ' on a computer' };

/** Describes a phone by its `User-Agent`, such as `LinphoneAndroid/5.2.5 (Pixel 7) LinphoneSDK/…`. */
export function describeDevice(agent: string): DeviceDescription {
  const {
    product = '',
    system = '',
    version,
    model,
  } = /^(?<product>linphone)[- ]?(?<system>android|ios|desktop|c)?\/(?<version>\d[\w.+~-]{0,40})(?: \((?<model>[^()]{1,80})\))?/i.exec(
    agent,
  )?.groups ?? {};
  if (product === '' || version === undefined) return { name: 'unknown phone', version: null };
  const place = systems[system.toLowerCase()] ?? '';
  return { name: `Linphone ${version}${place}${model === undefined ? '' : ` (${model.trim()})`}`, version };
}

export function deviceName(agent: string): string {
  return describeDevice(agent).name;
}
