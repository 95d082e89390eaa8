import { AppError } from '../errors.ts';
import { publicUrlOf, type Space } from '../spaces/space.ts';

export const managedPlatforms = ['android', 'ios'] as const;
export type ManagedPlatform = (typeof managedPlatforms)[number];

/** The values that a device management system gives to Linphone on all its phones. */
interface ManagedValues {
  readonly configUri: string;
  /** A certificate in PEM; absent if phones trust the authority anyway. */
  readonly rootCa?: string;
}

const androidPackage = 'org.linphone';

/**
 * Returns the configuration for a company's device management system: JSON that Intune accepts for Android, or a
 * property list for iOS. Throws if the space's phones fetch at every start, because each phone then needs an address of
 * its own.
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
