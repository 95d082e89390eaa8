import { Type } from 'typebox';

export const invitedAnswer = Type.Object(
  {
    queued: Type.Integer(),
    without_address: Type.Integer(),
    left_out: Type.Integer({ description: 'Those of a group that `invited` leaves out.' }),
    blocked: Type.Integer({ description: 'Those that are blocked.' }),
  },
  { title: 'Invited' },
);

interface Invited {
  readonly queued: number;
  readonly withoutAddress: number;
  readonly leftOut: number;
  readonly blocked: number;
}

/** Returns how many mails were queued and how many accounts were left out, in the form of the API. */
export function invitedJson({ queued, withoutAddress, leftOut, blocked }: Invited) {
  return { queued, without_address: withoutAddress, left_out: leftOut, blocked };
}
