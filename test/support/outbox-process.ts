/** Sends due mails, and kills itself at a moment that a test chooses. Only tests start it. */
import { openApp } from '../../src/app.ts';
import { loadSettings } from '../../src/config/load-config.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { Outbox } from '../../src/mail/outbox.ts';
import type { SendMail } from '../../src/mail/send-mail.ts';

const killedAt = process.argv[2];
const app = await openApp(loadSettings(), { log: createLogger('warn', process.stderr) });
await app.heartbeat.beat();

const send: SendMail = async (server, message) => {
  if (killedAt === 'claimed') process.kill(process.pid, 'SIGKILL');
  const reply = await app.sendMail(server, message);
  if (killedAt === 'sent') process.kill(process.pid, 'SIGKILL');
  return reply;
};

await new Outbox(app, { send, close: async () => {} }).run();
await app.close();
