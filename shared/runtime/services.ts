import { randomBytes } from 'node:crypto';
import { accessLogStore } from '../data/access-log-store.ts';
import { authenticationStore } from '../data/authentication-store.ts';
import { commitChanges } from '../data/commit-changes.ts';
import { RecordExistsError, TableClient } from '../data/table-client.ts';
import { StaleReadError, Transaction, transactionOf } from '../data/transaction.ts';
import { rateLimits } from '../domain/access/rate-limits.ts';
import type { Stores } from '../domain/stores.ts';
import type { PipelineServices } from '../http/pipeline-services.ts';
import { createDocumentClient } from './aws-clients.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { freshIdentifiers } from './fresh-identifiers.ts';
import { logger } from './logger.ts';

/** The services of an instance, with the configuration and the table that only jobs and consumers need. */
export interface RuntimeServices extends PipelineServices {
  readonly settings: Configuration;
  readonly table: TableClient;
}

/** How to make each of some stores (`stores.ts`). */
export type StoreFactories = { readonly [Name in keyof Stores]?: (table: TableClient) => Stores[Name] };

let present: RuntimeServices | undefined;

/** The services of this instance, with the stores of the pipeline: made at the first call, then the same ones. */
export function services(): RuntimeServices {
  present ??= createServices(readConfiguration());
  return present;
}

/** The services of this instance with these stores as well. Asking for another store is a programming error. */
export function servicesWith(factories: StoreFactories): RuntimeServices {
  const base = services();
  const made = Object.entries(factories).map(([name, make]) => [name, make(base.table)]);
  return { ...base, stores: { ...base.stores, ...Object.fromEntries(made) } };
}

function createServices(settings: Configuration): RuntimeServices {
  const table = new TableClient(createDocumentClient(), settings.tableName);
  return {
    settings,
    table,
    logger,
    rateLimits: rateLimits(settings.requestLimits, Math.random),
    stores: { authentication: authenticationStore(table), accessLog: accessLogStore(table) } as Stores,
    now: () => Date.now(),
    randomBytes: (count) => randomBytes(count),
    newId: freshIdentifiers(Date.now, Math.random),
    openChanges: (author) => new Transaction(author),
    commit: (changes, context, answer) => commitChanges(table, transactionOf(changes), context, answer),
    isStaleRead: (error) => error instanceof StaleReadError,
    isAnsweredAlready: (error) => error instanceof RecordExistsError,
  };
}
