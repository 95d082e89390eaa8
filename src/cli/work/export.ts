import type { Command } from 'commander';
import { exportCredentials, type SipCredential } from '../../accounts/export-credentials.ts';
import type { Algorithm } from '../../sip/ha1.ts';
import type { Io } from '../io.ts';
import { withApp } from '../open-app.ts';
import { counted } from '../output/counted.ts';
import { jsonArray, jsonText, wantsJson } from '../output/print.ts';
import { writePrivateFile } from '../output/private-file.ts';

const columns = ['username', 'domain', 'realm', 'algorithm', 'ha1'] as const;

export interface CredentialsOptions {
  readonly algorithm?: Algorithm;
}

export function writeCredentials(
  command: Command,
  io: Io,
  file: string | undefined,
  { algorithm }: CredentialsOptions,
): Promise<void> {
  return withApp(command, io, async (app) => {
    const json = wantsJson(command);
    let count = 0;
    async function* pages() {
      for await (const page of exportCredentials(app, algorithm)) {
        count += page.length;
        yield page;
      }
    }
    if (file === undefined) {
      for await (const text of json ? jsonArray(pages()) : asTable(pages())) io.out(text);
      return;
    }
    await writePrivateFile(file, asTable(pages()));
    io.out(
      json ? `${jsonText({ file, credentials: count })}\n` : `Wrote ${counted(count, 'credential')} to ${file}.\n`,
    );
  });
}

async function* asTable(pages: AsyncIterable<SipCredential[]>): AsyncGenerator<string> {
  yield `${columns.map((name) => `${name}(string)`).join(' ')}\n`;
  for await (const page of pages) {
    yield page.map((row) => `${columns.map((name) => escaped(row[name])).join(':')}\n`).join('');
  }
}

function escaped(text: string): string {
  return text.replace(/[\\:]/g, '\\$&');
}
