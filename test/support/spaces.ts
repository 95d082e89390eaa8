import { defaultSettings } from '../../src/spaces/setting-values.ts';
import { type Space, type SpaceSettings, spaceWith } from '../../src/spaces/space.ts';

/** Returns a space that is in no database. */
export function spaceNamed(name: string, more: Partial<SpaceSettings> = {}): Space {
  const settings = { ...defaultSettings('sip.example.test'), name, ...more };
  return spaceWith(settings, { id: 1, createdAt: 0, updatedAt: 0 });
}
