import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in a file. Lines and columns are counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface Import extends Place {
  readonly specifier: string;
  /** The file that a relative specifier refers to. */
  readonly path: string | undefined;
}

/** Returns the place of the mistake that made importing `file` fail, or undefined if it cannot be found. */
export function findMistake(error: unknown, file: string): Place | undefined {
  if (!(error instanceof Error)) return undefined;
  const stack = error.stack ?? '';
  return (
    placeInHeading(stack) ??
    placeInFrames(stack) ??
    placeOfFailedImport(error.message, file) ??
    (error.name === 'SyntaxError' ? placeOfSyntaxError(file) : undefined)
  );
}

export function placeAt(file: string, source: string, index: number): Place {
  const lines = source.slice(0, index).split('\n');
  return { file, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/**
 * Finds the place in a parser's error, which begins with `file:line`, the line, and a line with `^` below the mistake.
 */
function placeInHeading(stack: string): Place | undefined {
  const [, location = '', line] = /^(\/.*|file:.*):(\d+)\n/.exec(stack) ?? [];
  if (line === undefined) return undefined;
  const marker = /^([ \t]*)\^+$/m.exec(stack);
  return { file: filePath(location), line: Number(line), column: (marker?.[1]?.length ?? 0) + 1 };
}

/**
 * Finds the place of an import that failed because of the module in the error's message. Looks in the file that the
 * error names, or in `file`.
 */
function placeOfFailedImport(message: string, file: string): Place | undefined {
  const importer = filePath(/imported from (.+)$/m.exec(message)?.[1] ?? file);
  return importsOf(existsSync(importer) ? importer : file).find(({ specifier, path }) =>
    message.includes(path ?? `'${packageName(specifier)}'`),
  );
}

/** Returns the first frame that belongs neither to Node.js nor to this folder. */
function placeInFrames(stack: string): Place | undefined {
  for (const frame of stack.split('\n')) {
    const [, location, line, column] =
      /^ +at (?:async )?(?:.* \()?((?:file:\/\/)?\/[^()]*):(\d+):(\d+)\)?$/.exec(frame) ?? [];
    if (location === undefined) continue;
    const file = filePath(location);
    return file.startsWith(join(import.meta.dirname, '/'))
      ? undefined
      : { file, line: Number(line), column: Number(column) };
  }
  return undefined;
}

function placeOfSyntaxError(file: string): Place | undefined {
  const imported = importsOf(file).flatMap(({ path }) => (path === undefined || !existsSync(path) ? [] : [path]));
  const checker = join(import.meta.dirname, 'check-syntax.ts');
  for (const each of [file, ...imported]) {
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    const { stderr } = spawnSync(process.execPath, [...flags, checker, each], { encoding: 'utf8', timeout: 10_000 });
    const place = placeInHeading(stderr);
    if (place !== undefined) return { ...place, file: each };
  }
  return undefined;
}

function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/\b(?:from|import)\s*(?:\(\s*)?(['"])(.+?)\1/g)].map(
    ({ 0: text, 2: specifier = '', index }) => ({
      ...placeAt(file, source, index + text.length - specifier.length - 2),
      specifier,
      path: /^\.{0,2}\//.test(specifier) ? resolve(dirname(file), specifier) : undefined,
    }),
  );
}

function packageName(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}

/** Converts a location in a stack to a path. Removes the query that a reloaded file has. */
function filePath(location: string): string {
  return location.startsWith('file:') ? fileURLToPath(location.replace(/\?.*/, '')) : location;
}
