import { AppError } from '../errors.ts';
import { maxLifetimeDays, type WishedExpiry, wishedExpiry } from '../tokens/token-expiry.ts';

export const expiresOption = '--expires <when>';
export const expiresChoices = 'a duration such as 90m, 12h or 7d, a time such as 2030-01-31T18:00Z, or 0 for never';

/** Parses and checks `--expires` before the command looks anything up. */
export function readExpiry(text: string | undefined, now: number): WishedExpiry {
  if (text === undefined) return {};
  const wish = /^\d+-/.test(text) ? { expires_at: text } : { lifetime: text };
  try {
    wishedExpiry(wish, now);
    return wish;
  } catch (cause) {
    const complaint = `--expires must be ${expiresChoices}. It can be at most ${maxLifetimeDays} days ahead.`;
    throw new AppError('usage-wrong', { complaint }, { cause });
  }
}
