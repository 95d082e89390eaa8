import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { AppError } from '../../errors.ts';

type Content = Iterable<string | Buffer> | AsyncIterable<string | Buffer>;

/**
 * Writes a file that holds secrets: whole or not at all, readable by its owner alone. One that is there is replaced at a
 * stroke and keeps its owner and mode, so that a SIP server that was given it can read the next one too.
 */
export async function writePrivateFile(path: string, content: Content): Promise<void> {
  try {
    await replace(path, content);
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    throw new AppError('conflict', `${path} cannot be written: ${cause.message.split(', ')[0]}.`, { cause });
  }
}

async function replace(path: string, content: Content): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const present = await stat(target).catch(() => undefined);
  if (present !== undefined && !present.isFile()) throw new AppError('conflict', `${path} is not a file.`);
  const draft = `${target}.${randomUUID().slice(0, 8)}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    for await (const chunk of content) await file.writeFile(chunk);
    if (present !== undefined) {
      if (present.uid !== process.getuid?.() || present.gid !== process.getgid?.())
        await file.chown(present.uid, present.gid);
      await file.chmod(present.mode & 0o777);
    }
    await file.sync();
    await file.close();
    await rename(draft, target);
  } catch (error) {
    await file.close();
    await rm(draft, { force: true });
    throw error;
  }
}
