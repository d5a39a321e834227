import type { MiddlewareObj } from '@middy/core';
import { DomainError, invalidField } from '../../domain/errors.ts';
import type { Endpoint } from '../define-endpoint.ts';
import type { Exchange } from '../exchange.ts';

/** The largest JSON body, in bytes. */
export const jsonBodyBytesMax = 1_048_576;

const jsonType = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * Reads the JSON body of an endpoint that takes one. Refusals wait until the caller is known (`validate` throws them):
 * a stranger learns nothing from the form of an error. No body at all is one that a schema may take as well.
 */
export function readRequest(endpoint: Endpoint): MiddlewareObj {
  return {
    before: (request) => {
      const exchange = request.event as Exchange;
      exchange.sentBytes = bytesOf(exchange);
      if (!endpoint.request.body) return;
      if (exchange.sentBytes.length === 0 && endpoint.request.body.safeParse(undefined).success) return;
      try {
        exchange.sentBody = readJson(exchange.sentBytes, exchange.headers);
      } catch (error) {
        exchange.bodyRefusal = error;
      }
    },
  };
}

function bytesOf({ event }: Exchange): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

function readJson(bytes: Buffer, headers: Exchange['headers']): unknown {
  const { 'content-type': contentType, 'content-encoding': coding } = headers;
  if (bytes.length > jsonBodyBytesMax) throw new DomainError('payload_too_large');
  if (bytes.length === 0) throw invalidField('body', 'A JSON object is required.');
  if (contentType !== undefined && !jsonType.test(contentType)) {
    throw new DomainError('unsupported_media_type', { message: 'Send the body as application/json.' });
  }
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    throw new DomainError('unsupported_media_type', { message: 'Send the body as it is, without a Content-Encoding.' });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DomainError('invalid_request', { fields: [{ field: 'body', message: 'Not valid UTF-8.' }], cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DomainError('invalid_request', { fields: [{ field: 'body', message: 'Not valid JSON.' }], cause });
  }
}
