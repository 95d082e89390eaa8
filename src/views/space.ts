import { Type } from 'typebox';
import type { UpdatedSpace } from '../administration/update-space.ts';
import type { Finding } from '../lpconfig/lint-rules.ts';
import { settingEntries } from '../spaces/setting-values.ts';
import type { SettingName, Space } from '../spaces/space.ts';
import { newSpaceShape } from '../spaces/space-fields.ts';
import type { spaceSettings } from '../spaces/space-settings.ts';
import { findingShape } from './finding.ts';
import { isoDate } from './iso-date.ts';

type Table = typeof spaceSettings;
type ShownName<Name extends SettingName> = Table[Name]['secret'] extends true ? `${Name}_set` : Name;
type ShownSettings = { readonly [Name in SettingName as ShownName<Name>]: ReturnType<Table[Name]['show']> };

const settings = settingEntries.map(({ name, shownAs, setting: { secret, schema } }) => {
  const shown = secret ? Type.Boolean({ description: `Whether the space has a \`${name}\`.` }) : schema;
  return [shownAs, shown] as const;
});

export const spaceAnswer = Type.Object(
  {
    id: Type.Integer(),
    domain: newSpaceShape.properties.domain,
    ...Object.fromEntries(settings),
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
    warnings: Type.Optional(
      Type.Array(findingShape, {
        description: "What the linter found in the space's linphonerc, if anything; not in lists.",
      }),
    ),
  },
  { title: 'Space' },
);

export const changedSpaceAnswer = Type.Object(
  {
    ...spaceAnswer.properties,
    passwords_ended: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'The accounts whose passwords a new domain ended, as `user@domain`. The next code of each sets a new password.',
      }),
    ),
  },
  { title: 'ChangedSpace' },
);

export function spaceJson(space: Space) {
  return {
    id: space.id,
    domain: space.domain,
    ...shownSettings(space),
    created_at: isoDate(space.createdAt),
    updated_at: isoDate(space.updatedAt),
  };
}

/** Returns a space with the linter's findings in its linphonerc, if there are any. */
export function spaceJsonWith(warnings: readonly Finding[], space: Space) {
  return warnings.length === 0 ? spaceJson(space) : { ...spaceJson(space), warnings };
}

/** Returns a changed space like `spaceJsonWith`, with the addresses of accounts that lost their passwords. */
export function changedSpaceJson(warnings: readonly Finding[], { space, passwordsEnded }: UpdatedSpace) {
  const addresses = passwordsEnded.map((username) => `${username}@${space.domain}`);
  return { ...spaceJsonWith(warnings, space), ...(addresses.length === 0 ? {} : { passwords_ended: addresses }) };
}

function shownSettings(space: Space): ShownSettings {
  const shown = settingEntries.map(
    ({ shownAs, property, setting }) => [shownAs, setting.show(space[property], space.domain)] as const,
  );
  return Object.fromEntries<unknown>(shown) as ShownSettings;
}
