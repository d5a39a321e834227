import { useRef } from 'preact/hooks';
import { type CallOptions, freshKey } from '../../shared/client/client.ts';

/**
 * The options of a request that takes an Idempotency-Key. The key stays the same while the same is said: what was done
 * although no answer came is not done twice by whoever tries again.
 */
export function useOnce(): (said: unknown) => CallOptions {
  const latest = useRef({ said: '', idempotencyKey: '' });
  return (said) => {
    const text = JSON.stringify(said);
    if (latest.current.said !== text) latest.current = { said: text, idempotencyKey: freshKey() };
    return { idempotencyKey: latest.current.idempotencyKey };
  };
}
