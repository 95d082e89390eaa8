import { Type } from 'typebox';
import { actorText } from '../events/actor.ts';
import { nullable } from '../lib/check-shape.ts';
import type { LinphonercVersion } from '../spaces/linphonerc-versions.ts';
import { isoDate } from './iso-date.ts';

const fields = {
  number: Type.Integer({ description: 'Counted from 1 in each space.' }),
  at: Type.String({ format: 'date-time' }),
  actor: nullable(Type.String({ description: 'Who published it; null if that is not known.' })),
};

export const linphonercVersionAnswer = Type.Object(fields, { title: 'LinphonercVersion' });
export const wholeLinphonercVersionAnswer = Type.Object(
  { ...fields, linphonerc: Type.String() },
  { title: 'WholeLinphonercVersion' },
);

export function linphonercVersionJson({ number, at, actor }: LinphonercVersion) {
  return { number, at: isoDate(at), actor: actor === null ? null : actorText(actor) };
}
