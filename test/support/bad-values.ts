import { expect } from 'vitest';
import type { ApiAnswer } from './in-process-api.ts';

/** A value that a field must refuse; `undefined` leaves the field out. */
export interface BadValue {
  readonly field: string;
  readonly value: unknown;
}

/** Every field with each of its bad values. */
export function badValues(byField: Readonly<Record<string, readonly unknown[]>>): BadValue[] {
  return Object.entries(byField).flatMap(([field, values]) => values.map((value) => ({ field, value })));
}

/** Wrong types for a field that takes a text. */
export const noText = [null, 7, true, ['text'], { text: 'text' }] as const;

/** What a test is called: the field and its bad value, shortened. */
export function titleOf({ field, value }: BadValue): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return `${field}: ${text.length > 40 ? `${text.slice(0, 37)}…` : text}`;
}

/** The names of the invalid fields in a refusal, in whichever shape the dialect has. */
export function fieldsOf({ body }: ApiAnswer): string[] {
  if (Array.isArray(body.errors)) return body.errors.map(({ field }: { field: string }) => field);
  return Object.keys(body.errors ?? body.fields ?? {});
}

/** Expects a 400 that names this field and no other. */
export function expectRefusedFor(answer: ApiAnswer, field: string): void {
  expect(answer.status, answer.text).toBe(400);
  expect(answer.body.code ?? answer.body.error).toBe('invalid_request');
  expect(fieldsOf(answer)).toEqual([field]);
}
