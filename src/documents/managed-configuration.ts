import { AppError } from '../errors.ts';
import { publicUrlOf, type Space } from '../spaces/space.ts';

export const managedPlatforms = ['android', 'ios'] as const;
export type ManagedPlatform = (typeof managedPlatforms)[number];

/** What a management of devices gives the Linphone of all its phones. */
interface ManagedValues {
  readonly configUri: string;
  /** In PEM; absent if phones trust the authority anyway. */
  readonly rootCa?: string;
}

const androidPackage = 'org.linphone';

/**
 * Returns what phones of a space need from the management of their company: JSON as Intune takes it for Android, a
 * property list for iOS. Throws where phones fetch at every start, because each of them needs an address of its own then.
 */
export function managedConfiguration(space: Space, publicUrl: string, platform: ManagedPlatform): string {
  if (space.refetch === 'every-start') throw new AppError('conflict', { why: 'fetches-at-every-start' });
  const configUri = `${publicUrlOf(space, publicUrl)}/provisioning`;
  const values = { configUri, ...(space.rootCa === null ? {} : { rootCa: space.rootCa }) };
  return platform === 'android' ? androidConfiguration(values) : iosConfiguration(values);
}

function androidConfiguration(values: ManagedValues): string {
  const configuration = {
    kind: 'androidenterprise#managedConfiguration',
    productId: `app:${androidPackage}`,
    managedProperty: Object.entries(values).map(([key, valueString]) => ({ key, valueString })),
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

function iosConfiguration(values: ManagedValues): string {
  const lines = Object.entries(values).flatMap(([key, value]) => [
    `  <key>${key}</key>`,
    `  <string>${escapeXml(String(value))}</string>`,
  ]);
  return ['<dict>', ...lines, '</dict>', ''].join('\n');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
