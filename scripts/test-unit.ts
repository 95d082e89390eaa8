/**
 * Runs all tests but the end-to-end ones. Up to six files of a folder share a process: each process spends about a
 * second of CPU on imports, and there are some three hundred files.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const cache = join(root, 'node_modules/.cache');
const maxFiles = 6;

const files = globSync('test/**/*.test.ts', { cwd: root, exclude: ['test/end-to-end'] }).sort();
const groups = [...Map.groupBy(files, dirname)].flatMap(([name, members]) =>
  Array.from({ length: Math.ceil(members.length / maxFiles) }, (_, index) => ({
    name: `${name.replaceAll('/', '-')}-${index + 1}.test.js`,
    members: members.slice(index * maxFiles, (index + 1) * maxFiles),
  })),
);

mkdirSync(cache, { recursive: true });
// A folder for each run, because two of them may overlap.
const folder = mkdtempSync(join(cache, 'test-groups-'));
const paths = groups.map(({ name, members }) => {
  const path = join(folder, name);
  writeFileSync(path, members.map((file) => `import '${pathToFileURL(join(root, file)).href}';\n`).join(''));
  return path;
});

const options = ['--test-timeout=1800000', '--test-concurrency=4', '--test-global-setup=test/support/global-setup.ts'];
const { status } = spawnSync(process.execPath, ['--test', ...options, ...paths], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NODE_COMPILE_CACHE: 'node_modules/.cache/tests' },
});
rmSync(folder, { recursive: true });
process.exitCode = status ?? 1;
