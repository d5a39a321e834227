import { ApiError } from '../../shared/client/api-error.ts';
import { answerSecondsMax, inTime } from '../../shared/client/in-time.ts';

/** What the deployment tells the console, in `/config.json`. */
interface Configuration {
  /** Where the API is, without a slash at the end. */
  readonly apiUrl: string;
  /** Whether anybody may register alone. */
  readonly signUpIsOpen: boolean;
}

/**
 * What the deployment tells; where it tells nothing, the API is where the console itself is. Asked for until it is known.
 * @throws ApiError `unreachable`, `timed_out`
 */
export function configuration(): Promise<Configuration> {
  asked ??= inTime(answerSecondsMax, ask).catch((cause) => {
    asked = undefined;
    if (cause instanceof ApiError) throw cause;
    throw new ApiError('The service cannot be reached.', { code: 'unreachable', status: 0, cause });
  });
  return asked;
}

let asked: Promise<Configuration> | undefined;

async function ask(overdue: AbortSignal): Promise<Configuration> {
  const answer = await fetch('/config.json', { cache: 'no-cache', signal: overdue });
  // Nothing is told where there is no such file.
  const told = answer.ok ? await answer.json() : {};
  return {
    apiUrl: typeof told.api_url === 'string' && told.api_url !== '' ? told.api_url : location.origin,
    signUpIsOpen: told.sign_up === 'open',
  };
}
