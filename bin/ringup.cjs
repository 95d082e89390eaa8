#!/usr/bin/env -S node --
// In old syntax and without native modules, because this file must run on any version of Node.js.
'use strict';
var fs = require('node:fs');
var path = require('node:path');
var spawn = require('node:child_process').spawn;

var version = process.versions.node.split('.').map(Number);
var fits = version[0] > 22 || (version[0] === 22 && version[1] >= 18);
var brought = inModules('.bin/node');

/**
 * Our files, and those of most packages, import each other by whole names. Node.js need not look for them a thousand
 * times: a command takes a sixth less.
 */
function resolveWholeNames() {
  require('node:module').registerHooks({
    resolve: (specifier, context, nextResolve) =>
      /^\.\.?\/.*\.(?:m?js|ts)$/.test(specifier) && context.conditions.indexOf('import') !== -1
        ? { url: new URL(specifier, context.parentURL).href, shortCircuit: true }
        : nextResolve(specifier, context),
  });
}

/** npm installs what Ringup needs in its own folder, or beside it in the project that depends on Ringup. */
function inModules(name) {
  return [path.join(__dirname, '../node_modules', name), path.join(__dirname, '../..', name)].filter((file) =>
    fs.existsSync(file),
  )[0];
}

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

function runAgain(node) {
  var child = spawn(node, ['--', __filename].concat(process.argv.slice(2)), {
    stdio: 'inherit',
    env: Object.assign({}, process.env, { RINGUP_RERUN: '1' }),
  });
  ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => {
    process.on(signal, () => {
      child.kill(signal);
    });
  });
  child.on('error', (error) => {
    refuse(`Ringup cannot run ${node}: ${error.message}. Run \`npm ci\` again.`);
  });
  child.on('exit', (code, signal) => {
    process.exit(code === null ? (signal === 'SIGINT' ? 130 : 143) : code);
  });
}

// V8 sizes its heap by the machine's memory and collects garbage late. With these flags, the process stays under 200 MB
// at nearly the same speed. In its first second under load, V8 may also decide to create what belongs to one request
// directly among the long-lived objects, where it is expensive to collect: a redemption then costs a seventh more for the
// life of the process. For memory outside the heap, glibc creates up to eight arenas for each processor; one is enough.
// All this can only be set at the start. Flags that the operator sets take precedence.
var heap = ['--max-semi-space-size=4', '--max-old-space-size=256', '--no-allocation-site-pretenuring'];
var given = process.execArgv.concat(process.env.NODE_OPTIONS || []).join(' ');
var takesFlags =
  process.argv.indexOf('serve', 2) !== -1 && !/--max[-_](semi[-_]space|old[-_]space|heap)[-_]size/.test(given);

if (fits && inModules('commander') === undefined) {
  refuse(`Ringup is not installed yet: run \`npm ci\` in ${path.join(__dirname, '..')}.`);
} else if (fits && takesFlags && process.execve !== undefined && process.platform !== 'win32') {
  // Replaces the program within the same process: process id, standard streams and signals stay the same.
  process.execve(
    process.execPath,
    [process.execPath].concat(process.execArgv, heap, '--', __filename, process.argv.slice(2)),
    Object.assign({ MALLOC_ARENA_MAX: '1' }, process.env),
  );
} else if (fits) {
  // Caches compiled code between starts. Without write access, Node.js skips the cache.
  require('node:module').enableCompileCache(path.join(__dirname, '../node_modules/.cache/ringup'));
  resolveWholeNames();
  import('../src/main.ts');
} else if (brought !== undefined && process.env.RINGUP_RERUN === undefined) {
  runAgain(brought);
} else {
  refuse(
    `Ringup needs Node.js 22.18 or later, and this is ${process.versions.node}: run \`npm ci\`, which brings Node.js 24 on Linux, or install Node.js 24.`,
  );
}
