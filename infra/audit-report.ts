/** What `npm audit --json` came to. */
export interface AuditOutcome {
  readonly isFine: boolean;
  /** For whoever reads the log. */
  readonly said: string;
}

interface Report {
  readonly metadata?: { readonly vulnerabilities?: { readonly high: number; readonly critical: number } };
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
  readonly message?: string;
}

/** Reads the output of `npm audit --json`: nothing high or critical may be known; a registry that does not answer may. */
export function readAudit(output: string): AuditOutcome {
  const { metadata, vulnerabilities = {}, message = 'no answer' } = parse(output);
  if (!metadata?.vulnerabilities) return { isFine: true, said: `Not audited: ${message.split('\n')[0]}` };
  const { high, critical } = metadata.vulnerabilities;
  const named = Object.entries(vulnerabilities)
    .filter(([, { severity }]) => severity === 'high' || severity === 'critical')
    .map(([name, { severity }]) => `${name} (${severity})`);
  if (high + critical === 0) return { isFine: true, said: 'Nothing high or critical is known.' };
  return { isFine: false, said: `Known to be bad: ${named.join(', ')}` };
}

function parse(output: string): Report {
  try {
    return JSON.parse(output) ?? {};
  } catch {
    return {};
  }
}
