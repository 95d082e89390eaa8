import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory } from '../support/temp-directory.ts';

const script = join(import.meta.dirname, '../../.ci/check-log');

test('commits whose messages break a rule are named with what is wrong', () => {
  const folder = tempDirectory();
  mkdirSync(join(folder, '.ci'));
  cpSync(script, join(folder, '.ci/check-log'));
  const identity = ['-c', 'user.name=A test', '-c', 'user.email=a@example.com'];
  const git = (...words: string[]) => execFileSync('git', ['-C', folder, ...identity, ...words], { encoding: 'utf8' });
  const commit = (...paragraphs: string[]) =>
    git('commit', '--quiet', '--allow-empty', ...paragraphs.flatMap((each) => ['-m', each]));
  const check = (base: string) => {
    const { status, stdout } = spawnSync('bash', ['.ci/check-log', base], { cwd: folder, encoding: 'utf8' });
    return { status, said: stdout.replaceAll(/^[0-9a-f]{8} /gm, '') };
  };
  git('init', '--quiet');
  git('add', '.');
  commit('before');
  git('tag', 'base');
  commit('docs: a page says what is the case');
  mkdirSync(join(folder, 'test'));
  const commitWithTest = (...paragraphs: string[]) => {
    writeFileSync(join(folder, 'test/name.ts'), paragraphs.join());
    git('add', '.');
    commit(...paragraphs);
  };
  commitWithTest('fix(panel): a name may have a comma', 'It was cut there.');
  const commitFiles = (count: number, subject: string) => {
    for (let index = 0; index < count; index += 1) writeFileSync(join(folder, `${index}.txt`), subject);
    git('add', '.');
    commit(subject);
  };
  commitFiles(10, 'docs: ten pages are shorter');
  assert.deepEqual(check('base'), { status: 0, said: '' });
  commitFiles(11, 'docs: eleven pages are shorter');
  commitWithTest('fix(panel): without a word on what was wrong');
  commit('fix(panel): without a test', 'It was wrong.');
  commit('refactor: without a word on why');
  commit(`test: ${'x'.repeat(67)}`);
  commit('something');
  commitWithTest('fix(panel): a name may have a comma', 'It was cut there.', 'And a page is shorter.');
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/name.ts'), '');
  git('add', '.');
  commit('test: a name may have a comma');
  assert.deepEqual(check('base'), {
    status: 1,
    said: [
      'test: a name may have a comma: a commit that changes src/ is no test:',
      'fix(panel): a name may have a comma: make two commits of two changes',
      'something: begin with feat(area):, fix(area): or the like',
      `test: ${'x'.repeat(67)}: at most 72 characters`,
      'refactor: without a word on why: say in the body what was wrong and what follows',
      'fix(panel): without a test: bring the test along',
      'fix(panel): without a word on what was wrong: say in the body what was wrong and what follows',
      'docs: eleven pages are shorter: say in the body what changes in so many files\n',
    ].join('\n'),
  });
  assert.equal(check('nowhere').status, 0);
});
