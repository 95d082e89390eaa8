import { Type } from 'typebox';
import { lintRules } from '../lpconfig/lint-rules.ts';

/** What the linter found, as answers carry it. */
export const findingShape = Type.Object({
  rule: Type.Enum(Object.keys(lintRules)),
  severity: Type.Enum(['error', 'warning', 'note']),
  file: Type.Optional(Type.String({ description: 'The text it is in.' })),
  line: Type.Optional(Type.Integer({ description: 'Counted from 1, as is the column.' })),
  column: Type.Optional(Type.Integer()),
  section: Type.Optional(Type.String()),
  key: Type.Optional(Type.String()),
  message: Type.String(),
  effect: Type.String({ description: 'What happens on the phone.' }),
  remedy: Type.String({ description: 'How to mend it.' }),
});
