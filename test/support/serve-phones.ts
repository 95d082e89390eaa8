import type { TestContext } from 'node:test';
import { type ApiClient, apiClient } from './api-client.ts';
import { type Registrar, startRegistrar } from './kamailio.ts';
import type { Linphone, LinphoneOptions } from './linphone.ts';
import type { Phone } from './phones.ts';
import { type ServingProcess, startServe } from './serve.ts';
import { tempDirectory } from './temp-directory.ts';

const domain = 'sip.example.test';

export interface ServedPhones {
  readonly serving: ServingProcess;
  readonly api: ApiClient;
  registrarOf(algorithm: 'MD5' | 'SHA-256'): Promise<Registrar>;
  /**
   * Sets the registrar of the space. Phones then register there, and fetch their document at each start unless the
   * settings say otherwise.
   */
  settings(registrar: Registrar, settings?: object): Promise<unknown>;
  start(options: LinphoneOptions): Promise<Linphone>;
}

/** Starts a server. Its registrars and phones end with the test, as it does. */
export async function servePhones(t: TestContext, startPhone: Phone['start']): Promise<ServedPhones> {
  const dataDir = tempDirectory();
  const serving = await startServe({ RINGUP_DATA_DIR: dataDir });
  t.after(() => serving.stop());
  const api = await apiClient(serving);
  return {
    serving,
    api,
    async registrarOf(algorithm) {
      const table = algorithm === 'MD5' ? 'sip_credentials_md5' : 'sip_credentials_sha256';
      const registrar = await startRegistrar({ database: { sqlite: `${dataDir}/ringup.sqlite` }, algorithm, table });
      t.after(() => registrar.stop());
      return registrar;
    },
    settings: ({ port }, settings = {}) =>
      api('PUT', `/api/spaces/${domain}`, {
        registrar: `sip:127.0.0.1:${port};transport=tcp`,
        refetch: 'every-start',
        ...settings,
      }),
    async start(options) {
      const phone = await startPhone(options);
      t.after(() => phone.quit());
      return phone;
    },
  };
}
