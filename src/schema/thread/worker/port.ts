import { parentPort, workerData } from 'node:worker_threads';

import type { WorkerData } from '../worker-source.ts';

/** The way to the guard. Taken before `isolate` hides it from the code that the thread runs. */
export const port = parentPort;

/** Where drizzle-kit's compiled code is kept, likewise. */
export const { codeIn } = workerData as WorkerData;
