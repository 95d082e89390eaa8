import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../errors.ts';
import { closestName } from '../lib/closest-name.ts';
import { codeOf } from '../lib/code-of.ts';
import { readTrouble } from '../lib/file-trouble.ts';
import type { Hooks } from './contract.ts';
import { findMistake, type Place, placeAt } from './find-mistake.ts';
import { withTimeLimit } from './time-limit.ts';

const hookNames: readonly string[] = ['proxy', 'auth', 'document'] satisfies (keyof Hooks)[];
const expected = 'expected `export default { … } satisfies Hooks` with any of the functions proxy, auth and document';

let loads = 0;

/** Loads the hooks of a `.ts` or `.js` file. Throws `hooks-broken` with `file:line:column: what is wrong`. */
export async function loadHooks(file: string, options: { limitMs?: number } = {}): Promise<Hooks> {
  const path = resolve(file);
  const source = readSource(path);
  const { default: value, ...others } = await importFile(path, options.limitMs ?? 10_000);
  // Node.js treats a file without exports as a CommonJS module, whose default export is an empty object.
  const hooks = /\bexports?\b/.test(source) ? value : undefined;
  if (isHooks(hooks)) return hooks;
  const { pattern, complaint } = isObject(hooks) ? wrongHook(hooks) : noHooks(hooks, others);
  throw broken(placeAt(path, source, Math.max(0, source.search(pattern))), complaint);
}

function readSource(path: string): string {
  if (!['.ts', '.js'].includes(extname(path))) throw broken({ file: path }, 'expected a name that ends in .ts or .js');
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw broken({ file: path }, `cannot be read (${readTrouble(cause)}); expected a file with hooks`, cause);
  }
}

async function importFile(path: string, limitMs: number): Promise<Record<string, unknown>> {
  const url = pathToFileURL(path);
  // Node.js caches modules by URL, so a changed file is read again only with another URL.
  if (loads > 0) url.searchParams.set('load', String(loads));
  loads += 1;
  try {
    return await withTimeLimit(limitMs, `still loading after ${limitMs / 1000} s`, () => import(url.href));
  } catch (cause) {
    throw broken(findMistake(cause, path) ?? { file: path }, complaintAbout(cause, path), cause);
  }
}

function complaintAbout(error: unknown, path: string): string {
  const message = messageOf(error);
  const code = codeOf(error);
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return `${message}; expected TypeScript that runs after its types are removed (no enum, namespace or parameter property)`;
  }
  if (/MODULE|PACKAGE|IMPORT/.test(code) || message.includes('does not provide an export')) {
    return `${message}; expected an installed package or a file with its extension, and "import type" for types`;
  }
  if (!(error instanceof SyntaxError)) return `${message}; expected a file that loads without errors`;
  return extname(path) === '.js' ? `${message}; expected JavaScript (a TypeScript file must end in .ts)` : message;
}

function wrongHook(hooks: Record<string, unknown>): { pattern: RegExp; complaint: string } {
  const unknown = Object.keys(hooks).find((key) => !hookNames.includes(key));
  const key = unknown ?? hookNames.find((name) => !isHook(hooks[name])) ?? '';
  const pattern = new RegExp(`(?<![\\w$.])${key.replace(/\W/g, '\\$&')}(?=['"\\]]?\\s*[:(,}])`);
  if (unknown === undefined) return { pattern, complaint: `${key} is ${kindOf(hooks[key])}; expected a function` };
  const closest = closestName(key, hookNames);
  const hint = closest === undefined ? '' : `, did you mean ${closest}?`;
  return { pattern, complaint: `there is no hook ${JSON.stringify(key)}${hint}; ${expected}` };
}

function noHooks(value: unknown, others: Record<string, unknown>): { pattern: RegExp; complaint: string } {
  if (value !== undefined) {
    return { pattern: /\bexport default\b/, complaint: `the default export is ${kindOf(value)}; ${expected}` };
  }
  const named = hookNames.filter((name) => name in others);
  const hint = named.length === 0 ? '' : ` (${named.join(', ')} must be inside it, not separate exports)`;
  return { pattern: /\bexport\b/, complaint: `there is no default export${hint}; ${expected}` };
}

function isHooks(value: unknown): value is Hooks {
  return (
    isObject(value) &&
    Object.keys(value).every((key) => hookNames.includes(key)) &&
    hookNames.every((name) => isHook(value[name]))
  );
}

function isHook(value: unknown): boolean {
  return value === undefined || typeof value === 'function';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return `of type ${typeof value}`;
}

function messageOf(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}

function broken(place: Partial<Place> & { file: string }, complaint: string, cause?: unknown): AppError {
  const { file, line, column } = place;
  const location = line === undefined ? file : `${file}:${line}:${column}`;
  return new AppError('hooks-broken', { place: location, complaint }, { cause });
}
