import { html } from 'ghtml';
import type { LinphonercVersion } from '../../spaces/linphonerc-versions.ts';
import { moment, type Reader } from '../reader.ts';

/** Returns the author of a text, in the reader's language. */
export function authorOf({ t }: Reader, { actor }: Pick<LinphonercVersion, 'actor'>): string {
  if (actor === null) return t('rc.unknownAuthor');
  return actor.kind === 'command-line' ? t('rc.commandLine') : (actor.name ?? t('rc.unknownAuthor'));
}

/** Returns the number, author and time of a version as a phrase of HTML. */
export function versionLine(reader: Reader, version: LinphonercVersion): string {
  const { t } = reader;
  const text = t('rc.version', { number: version.number, who: authorOf(reader, version), time: '\u0000' });
  return text
    .split('\u0000')
    .map((part) => html`${part}`)
    .join(moment(reader, version.at));
}
