import type Module from 'node:module';
import { dirname } from 'node:path';
import { openCompiledCode, type CompiledCode } from '../worker/child/compiled-code.ts';

/** Reaching into modules whose types the guard does not have. */

export type Call = (...values: unknown[]) => unknown;

/**
 * A proxy of a module, which is loaded on first use.
 * @param early a class of which an instance is made before it is of use: that loads nothing either
 */
export function lazily(load: () => unknown, early?: string): unknown {
  let target: object | undefined;
  const whole = (): object => (target ??= asObject(load()));
  const lazyClass = (name: string): unknown =>
    new Proxy(Object, {
      construct: (_, values) =>
        lazily(() =>
          Reflect.construct(Reflect.get(whole(), name) as new () => unknown, values),
        ) as object,
    });
  return new Proxy(
    {},
    {
      get: (_, name) =>
        name === early && target === undefined
          ? lazyClass(name)
          : (Reflect.get(whole(), name) as unknown),
      has: (_, name) => Reflect.has(whole(), name),
      ownKeys: () => Reflect.ownKeys(whole()),
      getOwnPropertyDescriptor: (_, name) => {
        const own = Reflect.getOwnPropertyDescriptor(whole(), name);
        return own === undefined ? undefined : { ...own, configurable: true };
      },
    },
  );
}

function asObject(value: unknown): object {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
    throw new TypeError('a module of drizzle-orm is no object');
  return value;
}

/** `Module.prototype._compile` is how node runs a CommonJS file's text; its types leave it out. */
export function compile(module: Module, text: string, path: string): void {
  const run = method(module, '_compile');
  Reflect.apply(run, module, [text, path]);
}

let code: CompiledCode = openCompiledCode(undefined);

/** Keeps what `compileLarge` compiles. */
export function keepCode(kept: CompiledCode): void {
  code = kept;
}

/** As `compile`, with what V8 made of the text (UTF-8) in an earlier run. */
export function compileLarge(module: Module, text: Buffer, path: string): void {
  const run = code.wrapped(text, path) as Call;
  Reflect.apply(run, module.exports, [module.exports, module.require, module, path, dirname(path)]);
}

/** What is made of a large file, where an earlier run has not kept it. */
export function madeOf(path: string, how: string, make: () => Buffer): Buffer {
  return code.made(path, how, make);
}

/** A property of a value that may be anything; undefined when it has none. */
export function property(from: unknown, name: string): unknown {
  return (typeof from === 'object' && from !== null) || typeof from === 'function'
    ? (Reflect.get(from, name) as unknown)
    : undefined;
}

/** A function that a module exports. @throws when it does not. */
export function method(from: unknown, name: string): Call {
  const found = property(from, name);
  if (typeof found !== 'function') throw new TypeError(`this drizzle-kit has no ${name}`);
  return (...values) => Reflect.apply(found, from, values) as unknown;
}
