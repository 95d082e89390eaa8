import { Type } from 'typebox';

export const invitedAnswer = Type.Object(
  {
    queued: Type.Integer(),
    without_address: Type.Integer(),
    left_out: Type.Integer({ description: 'Those of a group that `invited` leaves out.' }),
  },
  { title: 'Invited' },
);

interface Invited {
  readonly queued: number;
  readonly withoutAddress: number;
  readonly leftOut: number;
}

/** Returns what became of a mail to many accounts. */
export function invitedJson({ queued, withoutAddress, leftOut }: Invited) {
  return { queued, without_address: withoutAddress, left_out: leftOut };
}
