import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { AppError } from '../../errors.ts';
import { writeTrouble } from '../../lib/file-trouble.ts';

type Content = Iterable<string | Buffer> | AsyncIterable<string | Buffer>;

/** A file that is complete, but not yet at its path. */
export interface Draft {
  /** Moves the file to its path atomically. */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Writes a file with secrets completely or not at all, readable only by its owner. An existing file is replaced
 * atomically and keeps its owner and mode, so that a SIP server that could read it still can.
 */
export async function writePrivateFile(path: string, content: Content): Promise<void> {
  await (await draftPrivateFile(path, content)).keep();
}

/** Writes the same file in two steps, so that it appears at its path only after something else has succeeded. */
export async function draftPrivateFile(path: string, content: Content): Promise<Draft> {
  try {
    return await writeDraft(path, content);
  } catch (cause) {
    throw notWritten(path, cause);
  }
}

async function writeDraft(path: string, content: Content): Promise<Draft> {
  const target = await realpath(path).catch(() => path);
  const present = await stat(target).catch(() => undefined);
  if (present !== undefined && !present.isFile()) throw new AppError('conflict', { why: 'not-a-file', path });
  const draft = `${target}.${randomUUID().slice(0, 8)}`;
  const discard = () => rm(draft, { force: true });
  const file = await open(draft, 'wx', 0o600);
  try {
    for await (const chunk of content) await file.writeFile(chunk);
    if (present !== undefined) await takeOwnerAndMode(file, present);
    await file.sync();
  } catch (error) {
    await discard();
    throw error;
  } finally {
    await file.close();
  }
  return {
    discard,
    keep: async () => {
      try {
        await rename(draft, target);
      } catch (cause) {
        await discard();
        throw notWritten(path, cause);
      }
    },
  };
}

async function takeOwnerAndMode(file: FileHandle, { uid, gid, mode }: Awaited<ReturnType<typeof stat>>): Promise<void> {
  if (uid !== process.getuid?.() || gid !== process.getgid?.()) await file.chown(Number(uid), Number(gid));
  await file.chmod(Number(mode) & 0o777);
}

function notWritten(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause)) return cause;
  return new AppError('conflict', { why: 'not-written', path, reason: writeTrouble(cause) }, { cause });
}
