import { Type } from 'typebox';
import { lintRules } from '../lpconfig/lint-rules.ts';

export const findingShape = Type.Object(
  {
    rule: Type.Enum(Object.keys(lintRules)),
    severity: Type.Enum(['error', 'warning', 'note']),
    file: Type.Optional(Type.String({ description: 'The text with the finding.' })),
    line: Type.Optional(Type.Integer({ description: 'Counted from 1, like the column.' })),
    column: Type.Optional(Type.Integer()),
    section: Type.Optional(Type.String()),
    key: Type.Optional(Type.String()),
    message: Type.String(),
    value: Type.Optional(Type.String({ description: 'What the message quotes, without passwords.' })),
    meant: Type.Optional(Type.String({ description: 'What would be right.' })),
    effect: Type.String({ description: 'What happens on the phone.' }),
    remedy: Type.String({ description: 'How to fix it.' }),
  },
  { title: 'Finding' },
);
