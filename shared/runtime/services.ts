import { randomBytes } from 'node:crypto';
import { commitChanges, createStores } from '../data/stores.ts';
import { RecordExistsError, TableClient } from '../data/table-client.ts';
import { StaleReadError, Transaction, transactionOf } from '../data/transaction.ts';
import { newIdentifier } from '../domain/identifiers.ts';
import type { PipelineServices } from '../http/pipeline-services.ts';
import { createDocumentClient } from './aws-clients.ts';
import { type Configuration, readConfiguration } from './configuration.ts';
import { logger } from './logger.ts';

/** The services of an instance, with the configuration and the table that only jobs and consumers need. */
export interface RuntimeServices extends PipelineServices {
  readonly settings: Configuration;
  readonly table: TableClient;
}

let present: RuntimeServices | undefined;

/** The services of this instance: made at the first call, then the same ones. */
export function services(): RuntimeServices {
  present ??= createServices(readConfiguration());
  return present;
}

function createServices(settings: Configuration): RuntimeServices {
  const table = new TableClient(createDocumentClient(), settings.tableName);
  return {
    settings,
    table,
    logger,
    stores: createStores(table),
    now: () => Date.now(),
    randomBytes: (count) => randomBytes(count),
    newId: () => newIdentifier(Date.now(), Math.random()),
    openChanges: (author) => new Transaction(author),
    commit: (changes, context, answer) => commitChanges(table, transactionOf(changes), context, answer),
    isStaleRead: (error) => error instanceof StaleReadError,
    isAnsweredAlready: (error) => error instanceof RecordExistsError,
  };
}
