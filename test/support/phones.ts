import type { Programs } from './debian.ts';
import { inDebian13, programsOfDebian13 } from './debian-13.ts';
import { programPath } from './find-program.ts';
import { type Linphone, type Linphonec, type LinphoneOptions, startLinphone } from './linphone.ts';

/** A version of Linphone that tests run. */
export interface Phone {
  /** For the titles of tests. */
  readonly name: string;
  readonly version: string;
  /** How it signs in to fetch its document again: from 5.3 on by the key that the document gave it. */
  readonly signsInBy: 'digest' | 'device-key';
  /** What it needs, for `requirePrograms`. */
  readonly programs: Programs;
  linphonec(): Linphonec;
  /** Starts a new one, or with its directory one that has quit, also of another version. */
  start(options: LinphoneOptions): Promise<Linphone>;
}

/** Each test with a phone runs once for each of them. */
export const phones: readonly Phone[] = [
  phoneOf('5.1.65', { linphonec: 'linphone-cli' }, () => [programPath('linphonec')]),
  phoneOf('5.3.105', programsOfDebian13('linphonec'), () => inDebian13('linphonec')),
];

function phoneOf(version: string, programs: Programs, linphonec: () => Linphonec): Phone {
  const [major, minor] = version.split('.');
  const start = (options: LinphoneOptions) => startLinphone(linphonec(), options);
  const signsInBy = Number(minor) < 3 ? 'digest' : 'device-key';
  return { name: `Linphone ${major}.${minor}`, version, signsInBy, programs, linphonec, start };
}
