import { itemKinds, tableIndexes } from '../../shared/data/table.ts';
import {
  type InvitationStep,
  invitationStep,
  invitationSteps,
} from '../../shared/domain/invitation/invitation-steps.ts';
import { isPublic } from '../../shared/http/define-endpoint.ts';
import { type Job, schedulesOf } from '../../shared/http/define-job.ts';
import { type EndpointCost, type RequestCost, readMeasuredUnits } from '../cost/measured-units.ts';
import { endpointsByDialect, fallbackPath, type Registry } from '../endpoint-registry.ts';
import { clientOperations } from '../openapi/client-operations.ts';
import { openApiDocument } from '../openapi/openapi-document.ts';
import { markdownTable } from './markdown.ts';
import { rooms } from './rooms.ts';

/** What is written from the code: a part of a document, between marks, or where no section is named a whole file. */
export interface Section {
  readonly file: string;
  readonly section?: string;
  readonly content: string;
}

/** Every section that is written from the code. `npm run docs` writes them; a test compares them. */
export function sections(registry: Registry): Section[] {
  return [
    { file: 'docs/data-model.md', section: 'items', content: itemsTable() },
    { file: 'docs/data-model.md', section: 'indexes', content: indexesTable() },
    { file: 'docs/invitations.md', section: 'steps', content: invitationLife() },
    { file: 'README.md', section: 'rooms', content: roomsTable() },
    { file: 'docs/costs.md', section: 'costs', content: costTables(registry) },
    { file: 'docs/api.md', section: 'endpoints', content: endpointTables(registry) },
    { file: 'docs/api.md', section: 'background', content: backgroundTable(registry) },
    { file: 'shared/client/operations.ts', content: clientOperations(openApiDocument(registry, '')) },
  ];
}

const code = (text: string) => `\`${text}\``;

function itemsTable(): string {
  return markdownTable(
    ['kind', 'pk', 'sk', 'the question that it answers', 'not inside its organization, because'],
    Object.entries(itemKinds).map(([kind, item]) => [
      kind,
      code(item.pk),
      code(item.sk),
      item.question,
      'outsideTenant' in item ? item.outsideTenant : '',
    ]),
  );
}

function indexesTable(): string {
  return markdownTable(
    ['local index', 'sort key', 'the question that it answers'],
    Object.entries(tableIndexes).map(([name, { sortKey, question }]) => [name, code(sortKey), question]),
  );
}

function invitationLife(): string {
  const names = Object.keys(invitationSteps) as InvitationStep[];
  const steps = names.map((name) => ({ name, ...invitationStep(name) }));
  const arrows = steps.flatMap(({ name, from, to }) => from.map((state) => `  ${state} --> ${to}: ${name}`));
  const drawing = ['```mermaid', 'stateDiagram-v2', '  [*] --> pending: invite', ...arrows, '```'].join('\n');
  const table = markdownTable(
    ['step', 'from', 'to', 'its seven days', 'because'],
    steps.map(({ name, from, to, time, because }) => [
      code(name),
      from.map(code).join(', '),
      code(to),
      time === undefined ? '' : time === 'left' ? 'still run' : 'are over',
      because,
    ]),
  );
  return `${drawing}\n\n${table}`;
}

function roomsTable(): string {
  return markdownTable(
    ['room', 'holds', 'may import'],
    Object.entries(rooms).map(([name, { holds, mayImport }]) => [
      code(name),
      holds,
      mayImport
        .filter((room) => room !== name)
        .map(code)
        .join(', ') || 'itself alone',
    ]),
  );
}

function endpointTables({ endpoints }: Registry): string {
  const shown = endpoints.filter(({ endpoint }) => endpoint.path !== fallbackPath);
  const byDialect = Map.groupBy(shown, ({ endpoint }) => endpoint.dialect.name);
  return [...byDialect]
    .map(([dialect, registered]) => {
      const rows = registered.map(({ endpoint }) => [
        code(`${endpoint.method} ${endpoint.path}`),
        endpoint.summary,
        isPublic(endpoint.permission) ? `everybody: ${endpoint.permission.public}` : code(endpoint.permission),
        endpoint.idempotent ? 'yes' : '',
      ]);
      return `### ${dialect}\n\n${markdownTable(['endpoint', 'what it does', 'who may', '`Idempotency-Key`'], rows)}`;
    })
    .join('\n\n');
}

function costTables(registry: Registry): string {
  const { endpoints: costs } = readMeasuredUnits();
  const cell = ({ small, large }: EndpointCost, figure: keyof RequestCost) =>
    small[figure] === large[figure] ? String(small[figure]) : `${small[figure]} → ${large[figure]}`;
  const figures = ['readUnits', 'writeUnits', 'trips', 'calls'] as const;
  return [...endpointsByDialect(registry)]
    .map(([dialect, registered]) => {
      const rows = registered.flatMap(({ name, endpoint }) => {
        const { [name]: cost } = costs;
        if (!cost || endpoint.path === fallbackPath) return [];
        return [[code(`${endpoint.method} ${endpoint.path}`), ...figures.map((figure) => cell(cost, figure))]];
      });
      return `### ${dialect}\n\n${markdownTable(['endpoint', 'read units', 'write units', 'trips', 'calls'], rows)}`;
    })
    .join('\n\n');
}

/** The schedules of a job, each once however many parts it starts. */
function whenOf(job: Job): string {
  const times = new Set(schedulesOf(job).map(({ at }) => code(at)));
  return times.size === 0 ? 'an operator' : [...times].join(', ');
}

function backgroundTable({ jobs, consumers }: Registry): string {
  return markdownTable(
    ['function', 'what it does', 'started by'],
    [
      ...jobs.map(({ job }) => [code(job.name), job.summary, whenOf(job)]),
      ...consumers.map(({ consumer }) => [code(consumer.name), consumer.summary, "the table's stream"]),
    ],
  );
}
