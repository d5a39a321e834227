/** What was sent and answered when an operation was called once; ids, tokens, times and secrets are samples. */
export interface Example {
  readonly request: {
    /** Values of the path's parameters. */
    readonly path: Readonly<Record<string, string | number>>;
    readonly query: Readonly<Record<string, string | number | boolean>>;
    /** With the credential; names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
    /** Of a form: its one file. */
    readonly file?: { readonly field: string; readonly name: string; readonly contentType: string };
  };
  readonly answer: {
    readonly status: number;
    /** Those worth showing. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
}

/** One example of each operation, by operationId. */
export type Examples = Readonly<Record<string, Example>>;
