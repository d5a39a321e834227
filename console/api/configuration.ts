/** What the deployment tells the console, in `/config.json`. */
interface Configuration {
  /** Where the API is, without a slash at the end. */
  readonly apiUrl: string;
  /** Whether anybody may register alone. */
  readonly signUpIsOpen: boolean;
}

/** What the deployment tells; where it tells nothing, the API is where the console itself is. Asked for once. */
export function configuration(): Promise<Configuration> {
  asked ??= ask();
  return asked;
}

let asked: Promise<Configuration> | undefined;

async function ask(): Promise<Configuration> {
  const told = await fetch('/config.json', { cache: 'no-cache' }).then(
    (answer) => answer.json(),
    () => ({}),
  );
  return {
    apiUrl: typeof told.api_url === 'string' && told.api_url !== '' ? told.api_url : location.origin,
    signUpIsOpen: told.sign_up === 'open',
  };
}
