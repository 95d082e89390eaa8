import { html } from 'ghtml';
import { AppError } from '../../errors.ts';
import { type Mistakes, mistakesIn, refusalText } from '../../locale/failure-text.ts';
import type { Reader } from '../reader.ts';
import { shape } from './shape.ts';

/** Runs the change that a form asks for. Returns why it was refused if the person can put that right, or undefined. */
export async function refusalOf(change: () => Promise<unknown>): Promise<AppError | undefined> {
  try {
    await change();
    return undefined;
  } catch (error) {
    if (error instanceof AppError && (error.fields !== undefined || error.kind === 'conflict')) return error;
    throw error;
  }
}

/** Runs the change that a form asks for. Returns what is wrong with its fields if it was refused for them. */
export async function mistakesOf(
  { t }: Pick<Reader, 't'>,
  change: () => Promise<unknown>,
): Promise<Mistakes | undefined> {
  try {
    await change();
    return undefined;
  } catch (error) {
    const mistakes = error instanceof AppError ? mistakesIn(t, error) : undefined;
    if (mistakes === undefined) throw error;
    return mistakes;
  }
}

/** Returns what a refusal says apart from fields, for the top of the page. */
export function refusalBanner({ t }: Pick<Reader, 't'>, error: AppError | undefined): string {
  if (error === undefined || error.fields !== undefined) return '';
  return html`<p class="banner bad" role="alert">!${shape('failed')}<span>${refusalText(t, error)}</span></p>`;
}

/** Returns the answer to a form that was done or refused. */
export function statusOf(error: AppError | undefined): { readonly status?: number } {
  if (error === undefined) return {};
  return { status: error.fields === undefined ? 409 : 422 };
}
