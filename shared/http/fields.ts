import * as z from 'zod/mini';
import type { DomainErrorCode } from '../domain/errors.ts';
import { type IdentifierKind, readIdentifier } from '../domain/identifiers.ts';
import { passwordProblem } from '../domain/user/password-rules.ts';
import { normalizeEmail } from '../domain/user/user.ts';

/** Schemas of the values that requests are made of. */

const notFoundByKind: Readonly<Record<IdentifierKind, DomainErrorCode>> = {
  organization: 'organization_not_found',
  user: 'member_not_found',
  workspace: 'workspace_not_found',
  credential: 'credential_not_found',
  invitation: 'invitation_not_found',
};

/** Any spelling of an identifier of this kind, read into its number. */
export function identifier(kind: IdentifierKind) {
  return z.pipe(
    z.union([z.string(), z.number()]),
    z.transform((spelled, context) => {
      const read = readIdentifier(kind, spelled);
      if (typeof read === 'object') return read.id;
      context.issues.push({
        code: 'custom',
        input: spelled,
        message: read === 'unknown' ? `There is no ${kind} ${spelled}.` : `Not an id of any ${kind}.`,
        params: { notFound: notFoundByKind[kind] },
      });
      return z.NEVER;
    }),
  );
}

/**
 * Text on one line: no control characters, also none that break a line or turn the direction in which a list or a mail
 * shows what follows; no broken Unicode; spaces around it are dropped. Lengths in characters.
 */
export function lineOfText(minimum: number, maximum: number) {
  return z.string().check(
    z.trim(),
    z.minLength(minimum),
    z.maxLength(maximum),
    z.refine(
      (text) => text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(text),
      'Must not have control characters.',
    ),
  );
}

/** The name of an organization. */
export const organizationName = lineOfText(1, 120);

/** Any JSON object, as it was sent. */
export const jsonObject = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'Must be a JSON object.',
);

const emailForm = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** An email address, in the form in which addresses are compared. */
export const emailAddress = z.pipe(
  z.string().check(z.maxLength(254)),
  z.transform((address, context) => {
    const normalized = normalizeEmail(address.trim());
    if (normalized.length <= 254 && emailForm.test(normalized) && !normalized.includes('..')) return normalized;
    context.issues.push({ code: 'custom', input: address, message: 'Not a valid email address.' });
    return z.NEVER;
  }),
);

const domainForm = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/** A DNS name of at least two labels, in lower case. Names in other scripts come in their `xn--` form. */
export const domainName = z.pipe(
  z.string().check(z.maxLength(253)),
  z.transform((name, context) => {
    const lowerCased = name.trim().toLowerCase();
    if (domainForm.test(lowerCased)) return lowerCased;
    context.issues.push({ code: 'custom', input: name, message: 'Not a valid domain name.' });
    return z.NEVER;
  }),
);

/** A password that somebody sets. */
export const newPassword = z.string().check((context) => {
  const message = passwordProblem(context.value);
  if (message !== undefined) context.issues.push({ code: 'custom', input: context.value, message });
});

/** A password that somebody presents: whatever it is, it is right or wrong. */
export const presentedPassword = z.string().check(z.minLength(1), z.maxLength(1000));

/** A token that we gave out. What is none, or none any more, is refused by the work, all alike. */
export const opaqueToken = z.string().check(z.minLength(1), z.maxLength(1000));

/** First or last name of a person. */
export const personName = lineOfText(1, 100);

/** Last name of somebody who may have none, as who was invited by a first name. */
export const lastNameIfAny = lineOfText(0, 100);

/** Text that may be absent: null, and an empty text, mean that there is none. */
function optionalLine(maximum: number) {
  return z.pipe(
    z.nullable(lineOfText(0, maximum)),
    z.transform((text) => text || null),
  );
}

/** Middle name of a person, or null. */
export const middleName = optionalLine(100);

/** What stands after the name of a person, such as `Jr.`, or null. */
export const nameSuffix = optionalLine(20);

/** A whole number in a query; the OpenAPI document tells its range. */
export function queryInteger(minimum: number, maximum: number, byDefault: number) {
  return z._default(
    z.pipe(
      z.string().register(z.globalRegistry, {
        minimum,
        ...(maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
      }),
      z.transform((text, context) => {
        const value = /^-?[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
        if (value >= minimum && value <= maximum) return value;
        const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
        context.issues.push({ code: 'custom', input: text, message: `Must be a whole number ${range}.` });
        return z.NEVER;
      }),
    ),
    () => byDefault as never,
  );
}

/** Behind it years have five digits, which no date-time of an answer has. */
const lastMoment = Date.UTC(10_000, 0) - 1;

/**
 * A moment in a query or body: ISO 8601 with a zone; read into milliseconds since 1970. A space before the zone was a `+`
 * that the client did not encode.
 */
export const isoMoment = z.pipe(
  z.string().check(z.maxLength(40)),
  z.transform((sent, context) => {
    const text = sent.replace(/ (?=\d{2}:\d{2}$)/, '+');
    const day = Date.parse(`${text.slice(0, 10)}T00:00Z`);
    // Date.parse takes the 31st of February for a day in March.
    const isDay = !Number.isNaN(day) && new Date(day).getUTCDate() === Number(text.slice(8, 10));
    const value =
      isDay && /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/.test(text)
        ? Date.parse(/T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`)
        : Number.NaN;
    if (value <= lastMoment) return value;
    context.issues.push({ code: 'custom', input: sent, message: 'Not a valid ISO 8601 time.' });
    return z.NEVER;
  }),
);

/** The cursor of a list: what the link to the next page carries. What it says is the store's business. */
export const pageCursor = z.string().check(z.minLength(1), z.maxLength(400));

/** A yes or no in a query. */
export function queryFlag(byDefault: boolean) {
  return z._default(
    z.pipe(
      z.enum(['true', 'false']),
      z.transform((text) => text === 'true'),
    ),
    () => byDefault as never,
  );
}

/** Check of two fields that belong together, said of the first: as soon as both are right, whatever else is wrong. */
export function together<Body extends object>(
  fields: readonly [keyof Body & string, keyof Body & string],
  error: string,
  holds: (body: Body) => boolean,
) {
  return z.refine<Body>(holds, {
    path: [fields[0]],
    error,
    when: ({ value, issues }) =>
      typeof value === 'object' &&
      value !== null &&
      !issues.some(({ path }) => fields.some((name) => name === path?.[0])),
  });
}

/** Check of a body whose fields are all optional: one of them must be there. */
export const someField = z.refine<Readonly<Record<string, unknown>>>((body) => Object.keys(body).length > 0, {
  error: 'Name at least one field to change.',
  // An unknown field is named as such, and not taken for an empty body.
  when: ({ issues }) => issues.length === 0,
});
