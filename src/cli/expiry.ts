import { quoteText } from '../errors/quote-text.ts';
import { AppError } from '../errors.ts';
import { maxLifetimeDays, type WishedExpiry, wishedExpiry } from '../tokens/token-expiry.ts';
import { expiresChoices } from './options.ts';

/** Parses and checks `--expires` before the command looks anything up. */
export function readExpiry(text: string | undefined, now: number): WishedExpiry {
  if (text === undefined) return {};
  const wish = /^\d+-/.test(text) ? { expires_at: text } : { lifetime: text };
  try {
    wishedExpiry(wish, now);
    return wish;
  } catch (cause) {
    const complaint = `--expires ${quoteText(text)} must be ${expiresChoices}. It can be at most ${maxLifetimeDays} days ahead.`;
    throw new AppError('usage-wrong', { complaint }, { cause });
  }
}
