import { Script } from 'node:vm';
import { leave } from './port.ts';

/** Under this name the script finds what to run: a script has no arguments. */
const NAME = 'drizzle-guard: what to run';
const CALL = new Script(`globalThis[Symbol.for('${NAME}')]()`, { filename: 'node:drizzle-guard' });
let called: () => unknown = () => undefined;
// Not enumerable, so that no schema meets it.
Reflect.defineProperty(globalThis, Symbol.for(NAME), { value: () => called() });

/**
 * Runs code that may never return. The guard kills a process that takes too long: this ends one
 * whose guard was itself killed before.
 * @param limit milliseconds; more than the guard waits
 */
export function within<T>(limit: number, run: () => T): T {
  const began = performance.now();
  called = run;
  try {
    return CALL.runInThisContext({ timeout: limit, displayErrors: false }) as T;
  } catch (error) {
    if (performance.now() - began >= limit) leave(0);
    throw error;
  }
}
