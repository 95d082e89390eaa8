import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

// For `node --import`: leaves the names of the packages that were loaded in the file that LOADED_PACKAGES names.
const loaded = new Set<string>();

registerHooks({
  load(url, context, nextLoad) {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
    if (name !== undefined) loaded.add(name);
    return nextLoad(url, context);
  },
});
process.once('exit', () => writeFileSync(process.env.LOADED_PACKAGES ?? '', [...loaded].sort().join('\n')));
