import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

// For `node --import`: writes the names of the loaded packages to the file in LOADED_PACKAGES, with `then ` before those
// that a server loads after it listens. Of our own code, it writes the folders, such as `src/views`.
const loaded = new Set<string>();
let isListening = false;

subscribe('tracing:net.server.listen:asyncEnd', () => {
  isListening = true;
});
registerHooks({
  load(url, context, nextLoad) {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
    if (name !== undefined && isListening) loaded.add(`then ${name}`);
    else if (name !== undefined) loaded.add(name).add(partOf(name, url));
    const folder = name === undefined ? /\/(src\/[^/]+)\//.exec(url)?.[1] : undefined;
    if (folder !== undefined && !isListening) loaded.add(folder);
    return nextLoad(url, context);
  },
});
process.once('exit', () => {
  if (builtIn().includes('NativeModule internal/deps/undici/undici')) loaded.add('undici of Node.js');
  writeFileSync(process.env.LOADED_PACKAGES ?? '', [...loaded].sort().join('\n'));
});

/** The parts of Node.js that it has loaded. */
function builtIn(): readonly string[] {
  return 'moduleLoadList' in process ? (process.moduleLoadList as readonly string[]) : [];
}

/** Returns the name of a package, or of a part of it that is heavy by itself. */
function partOf(name: string, url: string): string {
  return name === 'typebox' && url.includes('/build/compile/') ? 'typebox/compile' : name;
}
