import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { around, aroundGetter } from './clock.ts';

const DRAWS =
  /^(?:random|generate|pseudoRandom|prng|rng|create(?:ECDH|DiffieHellman)|getDiffieHellman)/;
const unwatched = new Map<string | symbol, unknown>();

/** For drizzle-kit, which draws an id for every snapshot. */
export const UNWATCHED_CRYPTO: unknown = new Proxy(crypto, {
  get: (of, name) =>
    unwatched.has(name) ? unwatched.get(name) : (Reflect.get(of, name) as unknown),
});

/**
 * Tells of everyone who asks this thread for random numbers, or for what is as good as one.
 * @returns to be called when somebody asks for node's crypto: loading the web's part of it takes its time.
 */
export function watchChance(drawn: () => void): () => void {
  around(Math, 'random', drawn);
  for (const [name, { configurable }] of Object.entries(Object.getOwnPropertyDescriptors(crypto))) {
    if (!DRAWS.test(name) || configurable !== true) continue;
    unwatched.set(name, Reflect.get(crypto, name));
    around(crypto, name, drawn);
  }
  syncBuiltinESMExports();
  let watching = false;
  const watchWeb = (): void => {
    if (watching) return;
    watching = true;
    const web = crypto.webcrypto;
    for (const name of ['getRandomValues', 'randomUUID'])
      around(Object.getPrototypeOf(web) as object, name, drawn);
    around(Object.getPrototypeOf(web.subtle) as object, 'generateKey', drawn);
  };
  aroundGetter(globalThis, 'crypto', watchWeb);
  for (const name of ['pid', 'ppid']) {
    const value: unknown = Reflect.get(process, name);
    Object.defineProperty(process, name, {
      configurable: true,
      enumerable: true,
      get: () => value,
    });
    aroundGetter(process, name, drawn);
  }
  return watchWeb;
}
