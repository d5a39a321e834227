import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { spokenCountOf } from '../shell/format.ts';
import { Skeleton } from './busy.tsx';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

export interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** By what the list is sorted when this column's header is pressed. */
  readonly sortKey?: string | undefined;
  readonly end?: boolean | undefined;
  /** The header is only read out, as above buttons. */
  readonly hiddenHeader?: boolean | undefined;
}

export interface Sorting {
  readonly key: string;
  readonly descending: boolean;
}

/**
 * A list. On a phone each row is a card. The first column names the row.
 * @param rows nothing while they are on their way for the first time
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  keyOf,
  sorting,
  onSort,
  busy,
  empty,
  children,
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[] | undefined;
  keyOf: (row: Row) => string | number;
  sorting?: Sorting | undefined;
  onSort?: ((sorting: Sorting) => void) | undefined;
  busy?: boolean | undefined;
  /** Shown in place of rows where there are none. */
  empty?: ComponentChildren;
  /** What stands below: the pages. */
  children?: ComponentChildren;
}) {
  if (rows?.length === 0 && empty)
    return (
      <div class="card card-flush">
        {empty}
        {children}
      </div>
    );
  return (
    <div class="card card-flush" aria-busy={busy || rows === undefined}>
      {rows === undefined ? (
        <div class="dialog-inner">
          <Skeleton lines={6} />
        </div>
      ) : (
        <table class="table table-cards">
          <caption class="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <HeaderCell key={column.header} column={column} sorting={sorting} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={keyOf(row)}>
                {columns.map(({ header, cell, end, hiddenHeader }, place) =>
                  place === 0 ? (
                    <th key={header} scope="row">
                      {cell(row)}
                    </th>
                  ) : (
                    <td
                      key={header}
                      class={end ? 'cell-end' : undefined}
                      data-label={hiddenHeader ? undefined : header}
                    >
                      {cell(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {children}
    </div>
  );
}

function HeaderCell<Row>({
  column: { header, sortKey, end, hiddenHeader },
  sorting,
  onSort,
}: {
  column: Column<Row>;
  sorting: Sorting | undefined;
  onSort: ((sorting: Sorting) => void) | undefined;
}) {
  const isSorted = sortKey !== undefined && sorting?.key === sortKey;
  const direction = sorting?.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" class={end ? 'cell-end' : undefined} aria-sort={isSorted ? direction : undefined}>
      {sortKey !== undefined && onSort !== undefined ? (
        <button
          type="button"
          class="sort"
          onClick={() => onSort({ key: sortKey, descending: isSorted && !sorting?.descending })}
        >
          {header}
          <span class="sort-arrow">{isSorted && <Icon name={sorting?.descending ? 'down' : 'up'} />}</span>
        </button>
      ) : (
        <span class={hiddenHeader ? 'visually-hidden' : undefined}>{header}</span>
      )}
    </th>
  );
}

/**
 * Leads to any page of a list; from one that has become empty, to the last that has not. Nothing where nothing is listed.
 * @param page from 1
 */
export function Pages({
  page,
  pages,
  total,
  what,
  onPage,
}: {
  page: number;
  pages: number;
  total: number;
  /** What is listed, as `members`. */
  what: string;
  onPage: (page: number) => void;
}) {
  const typed = useSignal<string | undefined>(undefined);
  const isPastEnd = pages > 0 && page > pages;
  useEffect(() => {
    if (isPastEnd) onPage(pages);
  }, [isPastEnd]);
  if (total === 0) return null;
  const go = (wanted: number) => {
    typed.value = undefined;
    if (Number.isInteger(wanted)) onPage(Math.min(Math.max(wanted, 1), Math.max(pages, 1)));
  };
  return (
    <nav class="pages" aria-label={`Pages of ${what}`}>
      <span class="quiet small number" role="status">
        {spokenCountOf(total, what)}
      </span>
      {pages > 1 && (
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            go(Number(typed.value));
          }}
        >
          <Button size="small" idle={page <= 1} onClick={() => go(page - 1)}>
            Previous
          </Button>
          <label class="row small">
            Page
            <input
              class="control number"
              inputMode="numeric"
              value={typed.value ?? page}
              onInput={({ currentTarget }) => {
                typed.value = currentTarget.value;
              }}
              onBlur={() => {
                if (typed.value !== undefined) go(Number(typed.value));
              }}
            />
            of {pages.toLocaleString('en')}
          </label>
          <Button size="small" idle={page >= pages} onClick={() => go(page + 1)}>
            Next
          </Button>
        </form>
      )}
    </nav>
  );
}
