/**
 * The floors of `src/`, from the top down. A file may import from its own folder and from floors further down; folders that
 * share a floor know nothing of each other. `docs/architecture.md` shows the same list.
 */
export const floors: readonly (readonly string[])[] = [
  ['main'],
  ['cli'],
  ['server'],
  ['phones', 'api', 'panel'],
  ['http'],
  ['app'],
  ['instance-database'],
  ['jobs'],
  ['views'],
  ['locale'],
  ['hooks'],
  ['config'],
  ['administration'],
  ['provisioning'],
  ['documents'],
  ['devices'],
  ['tokens'],
  ['contacts'],
  ['access'],
  ['accounts'],
  ['spaces'],
  ['events'],
  ['cluster'],
  ['storage'],
  ['lpconfig'],
  ['sip'],
  ['lib'],
  ['errors'],
];
