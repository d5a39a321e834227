/** Where the API is: what `/config.json` says, which the deployment writes; without one, where the console itself is. Without a slash at the end. */
export async function apiUrl(): Promise<string> {
  asked ??= ask();
  return asked;
}

let asked: Promise<string> | undefined;

async function ask(): Promise<string> {
  try {
    const answer = await fetch('/config.json', { cache: 'no-cache' });
    const { api_url: url } = answer.ok ? await answer.json() : {};
    return typeof url === 'string' && url !== '' ? url : location.origin;
  } catch {
    return location.origin;
  }
}
