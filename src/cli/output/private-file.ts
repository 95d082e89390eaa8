import { randomUUID } from 'node:crypto';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { AppError } from '../../errors.ts';
import { writeTrouble } from '../../lib/file-trouble.ts';

type Content = Iterable<string | Buffer> | AsyncIterable<string | Buffer>;

/** A file beside its path, empty until `write` has completed it. */
export interface Draft {
  /** Writes the file to the disk. What an earlier call wrote is gone. */
  write(content: Content): Promise<void>;
  /** Moves the file to its path atomically. */
  keep(): Promise<void>;
  /** Removes the file, unless it is at its path. */
  discard(): Promise<void>;
}

/**
 * Writes a file with secrets completely or not at all, readable only by its owner. An existing file is replaced
 * atomically and keeps its owner and mode, so that a SIP server that could read it still can.
 */
export function writePrivateFile(path: string, content: Content): Promise<void> {
  return withPrivateFile(path, (write) => write(content));
}

/**
 * Does work whose result goes into such a file, by `write`. A path that cannot be written is refused before the work
 * begins, because what the work does may not be undone.
 */
export async function withPrivateFile<T>(
  path: string,
  work: (write: (content: Content) => Promise<void>) => Promise<T>,
): Promise<T> {
  const draft = await openDraft(path);
  try {
    return await work(async (content) => {
      await draft.write(content);
      await draft.keep();
    });
  } finally {
    await draft.discard();
  }
}

/** Writes the same file in two steps, so that it appears at its path only after something else has succeeded. */
export async function draftPrivateFile(path: string, content: Content): Promise<Draft> {
  const draft = await openDraft(path);
  try {
    await draft.write(content);
    return draft;
  } catch (error) {
    await draft.discard();
    throw error;
  }
}

function openDraft(path: string): Promise<Draft> {
  return naming(path, async () => {
    const target = await realpath(path).catch(() => path);
    const present = await stat(target).catch(() => undefined);
    if (present !== undefined && !present.isFile()) throw new AppError('conflict', { why: 'not-a-file', path });
    const name = `${target}.${randomUUID().slice(0, 8)}`;
    const file = await open(name, 'ax', 0o600);
    const discard = async () => {
      await file.close();
      await rm(name, { force: true });
    };
    try {
      if (present !== undefined) await takeOwnerAndMode(file, present);
    } catch (error) {
      await discard();
      throw error;
    }
    const keep = async () => {
      await rename(name, target);
      await file.close();
    };
    return { write: (content) => naming(path, () => fill(file, content)), keep: () => naming(path, keep), discard };
  });
}

async function fill(file: FileHandle, content: Content): Promise<void> {
  await file.truncate();
  for await (const chunk of content) await file.writeFile(chunk);
  await file.sync();
}

async function takeOwnerAndMode(file: FileHandle, { uid, gid, mode }: Awaited<ReturnType<typeof stat>>): Promise<void> {
  if (uid !== process.getuid?.() || gid !== process.getgid?.()) await file.chown(Number(uid), Number(gid));
  await file.chmod(Number(mode) & 0o777);
}

/** Names the path in the failure of a file. */
async function naming<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause;
    throw new AppError('conflict', { why: 'not-written', path, reason: writeTrouble(cause) }, { cause });
  }
}
