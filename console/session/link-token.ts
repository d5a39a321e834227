/** The token of the link in a mail: in the fragment, which no server ever sees. Empty where there is none. */
export function linkToken(): string {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
}
