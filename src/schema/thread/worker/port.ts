import { parentPort } from 'node:worker_threads';

/** The way to the guard. Taken before `isolate` hides it from the code that the thread runs. */
export const port = parentPort;
