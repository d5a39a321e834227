import { awaitStack } from './start-stack.ts';

// Before each file that asks the stack, and not in it: no time-out of a test is about how long a stack takes to start.
await awaitStack();
