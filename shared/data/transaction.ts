import type { AuditChange, Author, Changes } from '../domain/changes.ts';
import { DomainError, type DomainErrorCode } from '../domain/errors.ts';
import type { ItemKey } from './table.ts';

/**
 * A rule that the stored item must satisfy for the write to happen: said once, compiled to DynamoDB's condition, and
 * evaluated again on the item that DynamoDB returns with a refusal, to tell which rule it was.
 */
export type Rule = {
  readonly field: string;
  /** Refusal when the rule does not hold; `retry` begins the request anew with what is stored now. */
  readonly otherwise: DomainErrorCode | (() => Error) | 'retry';
} & (
  | { readonly is: 'present' }
  | { readonly is: 'absent' }
  | {
      readonly is: 'equal' | 'different' | 'atLeast' | 'atMost' | 'below';
      readonly value: number | string | boolean | null;
    }
  | { readonly is: 'absentOrBelow'; readonly value: number }
  | { readonly is: 'oneOf'; readonly values: readonly (number | string)[] }
);

export type StoredItem = Record<string, unknown> & ItemKey;

/** One action of a transaction. */
export type Write =
  | { readonly type: 'put'; readonly item: StoredItem; readonly rules: Rule[] }
  | { readonly type: 'delete'; readonly key: ItemKey; readonly rules: Rule[] }
  | { readonly type: 'check'; readonly key: ItemKey; readonly rules: Rule[] }
  | {
      readonly type: 'update';
      readonly key: ItemKey;
      readonly set: Record<string, unknown>;
      readonly add: Record<string, number>;
      readonly remove: Set<string>;
      readonly rules: Rule[];
      /**
       * Brings the transaction up to what is stored, in place of beginning the request anew: for a write that follows
       * from the item's state alone, which many want to move at once. Throws a refusal where it cannot.
       */
      refit?: (stored: Record<string, unknown>) => void;
    };

/** What an update does to the fields of an item; one that is absent counts as 0 for `add`. */
export interface ItemChange {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

export type PutWrite = Extract<Write, { type: 'put' }>;
export type UpdateWrite = Extract<Write, { type: 'update' }>;

/** DynamoDB takes so many actions in one transaction. */
export const transactionActionsMax = 100;

/** Storage that an organization no longer has, as its user has left, or has again: in bytes, less or more. */
export interface StorageMove {
  readonly organizationId: number;
  readonly userId: number;
  readonly bytes: number;
}

/** The writes of one request or job step. Two writes to one item become one update, or are a programming error. */
export class Transaction implements Changes {
  author: Author;
  readonly auditChanges: AuditChange[] = [];
  /** The meter of the organization learns of them at the commit. */
  readonly storageMoves: StorageMove[] = [];
  private readonly writes = new Map<string, Write>();

  constructor(author: Author) {
    this.author = author;
  }

  audit(change: AuditChange): void {
    this.auditChanges.push(change);
  }

  get size(): number {
    return this.writes.size;
  }

  all(): Write[] {
    return [...this.writes.values()];
  }

  put(item: StoredItem, rules: Rule[] = []): void {
    this.only({ type: 'put', item, rules }, item);
  }

  delete(key: ItemKey, rules: Rule[] = []): void {
    this.only({ type: 'delete', key, rules }, key);
  }

  /** Whether an item comes to be by this very transaction. */
  makes(key: ItemKey): boolean {
    const present = this.writes.get(nameOf(key));
    return present?.type === 'put' && present.rules.some(({ field, is }) => field === 'pk' && is === 'absent');
  }

  /** A rule on an item that is not written. Joins the update of the same item where there is one. */
  check(key: ItemKey, rules: Rule[]): void {
    const present = this.writes.get(nameOf(key));
    // What this very transaction makes nobody can have changed meanwhile.
    if (this.makes(key)) return;
    if (present) addRules(present.rules, rules);
    else this.writes.set(nameOf(key), { type: 'check', key, rules: [...rules] });
  }

  /** Changes fields of an item; joins an earlier update or check of the same item. */
  update(key: ItemKey, change: ItemChange, rules: readonly Rule[] = []): UpdateWrite {
    const present = this.writes.get(nameOf(key));
    if (present && present.type !== 'update' && present.type !== 'check')
      throw new TypeError(`Two writes to one ${kindOf(key)}.`);
    const joined: UpdateWrite =
      present?.type === 'update'
        ? present
        : { type: 'update', key, set: {}, add: {}, remove: new Set(), rules: [...(present?.rules ?? [])] };
    for (const [field, value] of Object.entries(change.set ?? {})) joined.set[field] = value;
    for (const [field, by] of Object.entries(change.add ?? {})) joined.add[field] = (joined.add[field] ?? 0) + by;
    for (const field of change.remove ?? []) joined.remove.add(field);
    addRules(joined.rules, rules);
    this.writes.set(nameOf(key), joined);
    return joined;
  }

  private only(write: Write, key: ItemKey): void {
    if (this.writes.has(nameOf(key))) throw new TypeError(`Two writes to one ${kindOf(key)}.`);
    this.writes.set(nameOf(key), write);
  }
}

/** Adds the rules that are not there yet: many steps of one request may ask for the same. */
function addRules(present: Rule[], more: readonly Rule[]): void {
  const isSame = (one: Rule, other: Rule) =>
    one.otherwise === other.otherwise && JSON.stringify(one) === JSON.stringify(other);
  for (const rule of more) if (!present.some((known) => isSame(known, rule))) present.push(rule);
}

function nameOf({ pk, sk }: ItemKey): string {
  return `${pk}|${sk}`;
}

/** What may be said of a key in a log: its values may name a person. */
function kindOf({ pk, sk }: ItemKey): string {
  return `${pk.split('#', 1)[0]}|${sk.split('#', 1)[0]}`;
}

/** The table's side of an opened set of changes. */
export function transactionOf(changes: Changes): Transaction {
  if (changes instanceof Transaction) return changes;
  throw new TypeError('These changes were not opened by the table.');
}

/** Thrown when stored state moved under the request: whoever runs it reads anew and tries again. */
export class StaleReadError extends Error {
  override readonly name = 'StaleReadError';
}

/** The refusal that the rules of a write make of the stored item (undefined: there is none). */
export function refusalOf(write: Write, stored: Record<string, unknown> | undefined): Error {
  const broken = write.rules.find((rule) => !holds(rule, stored));
  if (!broken || broken.otherwise === 'retry') return new StaleReadError('The stored item has changed meanwhile.');
  return typeof broken.otherwise === 'function' ? broken.otherwise() : new DomainError(broken.otherwise);
}

function holds(rule: Rule, stored: Record<string, unknown> | undefined): boolean {
  const value = stored?.[rule.field];
  switch (rule.is) {
    case 'present':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'equal':
      return value === rule.value;
    case 'different':
      return value !== rule.value;
    case 'atLeast':
      return value !== undefined && (value as number) >= (rule.value as number);
    case 'atMost':
      return value !== undefined && (value as number) <= (rule.value as number);
    case 'below':
      return value !== undefined && (value as number) < (rule.value as number);
    case 'absentOrBelow':
      return value === undefined || (value as number) < rule.value;
    case 'oneOf':
      return rule.values.includes(value as number | string);
  }
}

/** Expression, names and values of a write, as the document client takes them. */
export interface Expressions {
  readonly condition: string | undefined;
  readonly update: string | undefined;
  readonly names: Record<string, string> | undefined;
  readonly values: Record<string, unknown> | undefined;
}

const operators = { equal: '=', different: '<>', atLeast: '>=', atMost: '<=', below: '<' } as const;

/** Compiles rules and changes. Every name and value is a placeholder: no stored text can become syntax. */
export function expressionsOf(write: Write): Expressions {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const name = (field: string) => {
    const placeholder = `#${field}`;
    names[placeholder] = field;
    return placeholder;
  };
  const value = (of: unknown) => {
    const placeholder = `:${Object.keys(values).length}`;
    values[placeholder] = of;
    return placeholder;
  };
  const conditions = write.rules.map((rule) => {
    if (rule.is === 'present' || rule.is === 'absent') {
      return `attribute_${rule.is === 'present' ? 'exists' : 'not_exists'}(${name(rule.field)})`;
    }
    if (rule.is === 'absentOrBelow') {
      return `(attribute_not_exists(${name(rule.field)}) OR ${name(rule.field)} < ${value(rule.value)})`;
    }
    if (rule.is === 'oneOf') return `${name(rule.field)} IN (${rule.values.map(value).join(', ')})`;
    return `${name(rule.field)} ${operators[rule.is]} ${value(rule.value)}`;
  });
  const clauses: string[] = [];
  if (write.type === 'update') {
    const sets = Object.entries(write.set).filter(([, to]) => to !== undefined);
    const adds = Object.entries(write.add).filter(([, by]) => by !== 0);
    if (sets.length > 0) clauses.push(`SET ${sets.map(([field, to]) => `${name(field)} = ${value(to)}`).join(', ')}`);
    if (adds.length > 0) clauses.push(`ADD ${adds.map(([field, by]) => `${name(field)} ${value(by)}`).join(', ')}`);
    if (write.remove.size > 0) clauses.push(`REMOVE ${[...write.remove].map(name).join(', ')}`);
    // What comes to nothing, as one more and one fewer, still has rules to hold, and DynamoDB wants to be told something.
    if (clauses.length === 0) clauses.push(`SET ${name('kind')} = ${name('kind')}`);
  }
  return {
    condition: conditions.length > 0 ? conditions.join(' AND ') : undefined,
    update: clauses.length > 0 ? clauses.join(' ') : undefined,
    names: Object.keys(names).length > 0 ? names : undefined,
    values: Object.keys(values).length > 0 ? values : undefined,
  };
}
