/**
 * Runs all tests but the end-to-end ones. The files are dealt to a few processes: one that runs a single file spends most
 * of its time on imports, and on code that V8 has not optimized yet.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const cache = join(root, 'node_modules/.cache');
const processes = 8;
/** Files that look at everything their process does. */
const alone = ['test/redemption-files.test.ts'];

const files = globSync('test/**/*.test.ts', { cwd: root, exclude: ['test/end-to-end'] }).sort();
const shared = files.filter((file) => !alone.includes(file));
// One file to each process in turn: those of one folder take about equally long.
const dealt = Array.from({ length: processes }, (_, process) =>
  shared.filter((_, index) => index % processes === process),
);

mkdirSync(cache, { recursive: true });
// A folder for each run, because two of them may overlap.
const folder = mkdtempSync(join(cache, 'test-groups-'));
const paths = [...dealt, alone].map((members, index) => {
  const path = join(folder, `${index + 1}.test.js`);
  writeFileSync(path, members.map((file) => `import '${pathToFileURL(join(root, file)).href}';\n`).join(''));
  return path;
});

const options = ['--test-timeout=3600000', '--test-concurrency=4', '--test-global-setup=test/support/global-setup.ts'];
const { status } = spawnSync(process.execPath, ['--test', ...options, ...paths], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NODE_COMPILE_CACHE: 'node_modules/.cache/tests' },
});
rmSync(folder, { recursive: true });
process.exitCode = status ?? 1;
