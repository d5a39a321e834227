/** Where the API is: what `/config.json` says, which the deployment writes; without one, where the console itself is. */
export async function apiOrigin(): Promise<string> {
  asked ??= ask();
  return asked;
}

let asked: Promise<string> | undefined;

async function ask(): Promise<string> {
  try {
    const answer = await fetch('/config.json', { cache: 'no-cache' });
    const { api_url: apiUrl } = answer.ok ? await answer.json() : {};
    return typeof apiUrl === 'string' && apiUrl !== '' ? apiUrl : location.origin;
  } catch {
    return location.origin;
  }
}
