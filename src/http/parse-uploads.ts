import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { AppError } from '../errors.ts';
import { tooMuchIn } from './request-size.ts';

/** A file in a form. The browser chooses its name and type, so do not trust them. */
export interface Upload {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** The schema of a field for a file. If no file is chosen, browsers send an empty text. */
export const uploadShape = Type.Union([
  Type.Literal(''),
  Type.Object({ name: Type.String(), type: Type.String(), bytes: Type.Unsafe<Buffer>({}) }),
]);

type Field = string | Upload;

/**
 * Lets forms contain files. The body is an object with the form's fields: each is a text, an `Upload`, or a list if the
 * name occurs several times. The endpoint's `maxBodyBytes` limits the whole body.
 */
export function parseUploads(server: FastifyInstance): void {
  const parse = ({ headers }: FastifyRequest, body: Buffer) => readUploads(headers['content-type'] ?? '', body);
  server.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, parse);
}

async function readUploads(type: string, body: Buffer): Promise<Record<string, Field | Field[]>> {
  const parts = [...(await formOf(type, body))];
  const tooMuch =
    tooMuchIn(parts.map(([name]) => name)) ?? tooMuchIn(Object.fromEntries(parts.map(([name]) => [name, ''])));
  if (tooMuch !== null) throw tooMuch;
  const fields = new Map<string, Field | Field[]>();
  for (const [name, value] of parts) {
    const field = typeof value === 'string' ? value : await uploadOf(value);
    const others = fields.get(name);
    fields.set(name, others === undefined ? field : [others, field].flat());
  }
  return Object.fromEntries(fields);
}

/** Uses the platform's own parser, which needs no library and is loaded with the first file. */
async function formOf(type: string, body: Buffer): Promise<FormData> {
  try {
    return await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch (cause) {
    throw new AppError('body-malformed', { why: 'not-a-form' }, { cause });
  }
}

async function uploadOf(file: File): Promise<Upload> {
  return { name: file.name, type: file.type, bytes: Buffer.from(await file.arrayBuffer()) };
}
