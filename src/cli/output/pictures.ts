import type { App } from '../../app.ts';
import { qrPng, qrSvg } from '../../lib/qr-code.ts';
import type { Space } from '../../spaces/space.ts';
import type { Code } from '../../tokens/codes.ts';
import { provisioningUrl } from '../../tokens/token-urls.ts';
import type { CodeOptions } from '../options.ts';
import { type Draft, draftPrivateFile } from './private-file.ts';

/** Creates a code, issues it and writes its pictures. If a picture cannot be written, the code is not issued. */
export async function issueWithPictures<T>(
  app: App,
  space: Space,
  options: CodeOptions & { readonly resetPassword?: boolean },
  issue: (code: Code) => Promise<T>,
): Promise<T & { readonly url: string }> {
  const { resetPassword = false } = options;
  const code = app.codes.make({ resetsPassword: resetPassword });
  const url = provisioningUrl(space, app.publicUrl, code.token, { resetPassword });
  return { ...(await withPictures(options, url, () => issue(code))), url };
}

/**
 * Draws the pictures, calls `issue`, and moves the pictures to their paths. If drawing or `issue` fails, no picture
 * remains.
 */
async function withPictures<T>({ png, svg }: CodeOptions, url: string, issue: () => Promise<T>): Promise<T> {
  const drafts: Draft[] = [];
  try {
    if (png !== undefined) drafts.push(await draftPrivateFile(png, [qrPng(url)]));
    if (svg !== undefined) drafts.push(await draftPrivateFile(svg, [qrSvg(url)]));
    const issued = await issue();
    for (const draft of drafts) await draft.keep();
    return issued;
  } catch (error) {
    for (const draft of drafts) await draft.discard();
    throw error;
  }
}
