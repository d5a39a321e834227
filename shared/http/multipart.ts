import { DomainError, type FieldError, invalidField } from '../domain/errors.ts';

/** One part of a form. */
interface Part {
  readonly name: string;
  readonly bytes: Buffer;
}

const boundaryForm = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;",]{1,70}))/i;
const nameForm = /;\s*name=(?:"((?:[^"\\\r\n]|\\.)*)"|([^\s;"]+))/i;

/**
 * The file of a form (`multipart/form-data`, RFC 7578) that has this one field and no other.
 * @throws `unsupported_media_type` for another kind of body; `invalid_request` naming the fields that are missing, sent
 * twice or unknown
 */
export function readFormFile(body: Buffer, contentType: string | undefined, field: string): Buffer {
  if (!/^multipart\/form-data\s*(?:;|$)/i.test(contentType ?? '')) {
    throw new DomainError('unsupported_media_type', { message: 'Send the file as multipart/form-data.' });
  }
  const [, quoted, plain] = boundaryForm.exec(contentType ?? '') ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw invalidField('body', 'The Content-Type names no boundary.');
  const parts = readParts(body, boundary);
  if (!parts) throw invalidField('body', 'Not a valid form.');
  const [file, ...more] = parts.filter(({ name }) => name === field);
  const unknown = new Set(parts.map(({ name }) => name).filter((name) => name !== field));
  const errors: FieldError[] = [...unknown].map((name) => ({ field: name || 'body', message: 'Unknown field.' }));
  if (!file) errors.push({ field, message: 'This field is required.' });
  if (more.length > 0) errors.push({ field, message: 'Send this field once.' });
  if (errors.length > 0 || !file) throw new DomainError('invalid_request', { fields: errors });
  return file.bytes;
}

/** The parts between the boundaries; undefined where the body is not made so. */
function readParts(body: Buffer, boundary: string): Part[] | undefined {
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const framed = Buffer.concat([Buffer.from('\r\n'), body]);
  const parts: Part[] = [];
  let at = framed.indexOf(delimiter);
  for (;;) {
    if (at < 0) return undefined;
    const begin = at + delimiter.length;
    if (framed.toString('latin1', begin, begin + 2) === '--') return parts;
    const lineEnd = framed.indexOf('\r\n', begin);
    const end = framed.indexOf(delimiter, begin);
    // A part begins with its headers; where it has none, with the empty line after them.
    const headEnd = lineEnd < 0 ? -1 : framed.indexOf('\r\n\r\n', lineEnd);
    if (end < 0 || headEnd < 0 || headEnd + 2 > end) return undefined;
    if (framed.toString('latin1', begin, lineEnd).trim() !== '') return undefined;
    parts.push({
      name: nameOf(framed.toString('utf8', lineEnd, headEnd)),
      bytes: framed.subarray(headEnd + 4, Math.max(end, headEnd + 4)),
    });
    at = end;
  }
}

function nameOf(head: string): string {
  const disposition = head.split('\r\n').find((line) => /^content-disposition:/i.test(line)) ?? '';
  const [, quoted, plain] = nameForm.exec(disposition) ?? [];
  return quoted ?? plain ?? '';
}
