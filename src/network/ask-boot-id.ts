import type { Complaint } from '../errors/complaints.ts';
import { codeOf } from '../lib/code-of.ts';

/** The boot id that a server returns at `/health/live`, or why it returned none. */
export type BootIdAnswer = { readonly bootId: string } | { readonly complaint: Complaint };

const timeoutMs = 5_000;
const maxAnswerLength = 4_096;

/** Asks the server at a web address for its boot id. Never throws. */
export async function askBootId(url: string): Promise<BootIdAnswer> {
  try {
    const options = { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) } as const;
    const response = await fetch(`${url}/health/live`, options);
    return bootIdIn(await beginningOf(response));
  } catch (error) {
    return { complaint: isCertificateFault(error) ? { code: 'certificate-not-valid' } : { code: 'no-web-server' } };
  }
}

async function beginningOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.length > maxAnswerLength) break;
  }
  return text;
}

function bootIdIn(text: string): BootIdAnswer {
  const [, bootId] = /"boot_id":"([0-9a-f-]{36})"/.exec(text) ?? [];
  return bootId === undefined ? { complaint: { code: 'another-server' } } : { bootId };
}

function isCertificateFault(error: unknown): boolean {
  return error instanceof Error && /CERT|SIGNATURE|ISSUER|ALTNAME/.test(codeOf(error.cause));
}
