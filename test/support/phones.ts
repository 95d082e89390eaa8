import type { Programs } from './debian.ts';
import { inDebian13, programsOfDebian13 } from './debian-13.ts';
import { programPath } from './find-program.ts';
import { type Linphone, type Linphonec, type LinphoneOptions, startLinphone } from './linphone.ts';

/** A version of Linphone for tests. */
export interface Phone {
  /** The name of the version in titles of tests. */
  readonly name: string;
  readonly version: string;
  /** How it authenticates when it fetches its document again: from 5.3 on, by the key in the document. */
  readonly signsInBy: 'digest' | 'device-key';
  /** Its programs, for `requirePrograms`. */
  readonly programs: Programs;
  linphonec(): Linphonec;
  /** Starts a new phone. With a directory, starts one that has quit, even with another version. */
  start(options: LinphoneOptions): Promise<Linphone>;
}

/** Every test with a phone runs once for each of them. */
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
