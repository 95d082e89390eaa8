import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../src/app.ts';
import { loadSettings } from '../src/config/load-config.ts';
import { openapiDocument } from '../src/http/openapi.ts';
import { createLogger } from '../src/lib/logger.ts';
import { buildServer } from '../src/server.ts';

const publicUrl = 'https://ringup.example.com';

/** Returns `/api/openapi.json` of a server that is created only for this. */
export async function serverOpenapi(): Promise<unknown> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ringup-docs-'));
  try {
    const settings = loadSettings({ RINGUP_DATA_DIR: dataDir, RINGUP_PUBLIC_URL: publicUrl });
    const app = await openApp(settings, { log: createLogger('silent', { write: () => {} }) });
    const document = openapiDocument(await buildServer(app), publicUrl);
    await app.close();
    return document;
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}
