/** What all code of a thread shares, and an evaluation may change for the ones after it. */
const SHARED: readonly object[] = [
  Object,
  Object.prototype,
  Function.prototype,
  Array,
  Array.prototype,
  String,
  String.prototype,
  Number,
  Number.prototype,
  Boolean.prototype,
  BigInt,
  BigInt.prototype,
  Symbol,
  Symbol.prototype,
  Date.prototype,
  RegExp.prototype,
  Error,
  Error.prototype,
  Map.prototype,
  Set.prototype,
  WeakMap.prototype,
  Promise,
  Promise.prototype,
  JSON,
  Math,
  Reflect,
  Intl,
  URL,
  URL.prototype,
  Buffer,
  Buffer.prototype,
  console,
];

export interface Prototypes {
  /** Whether everything is as it was when it was last settled. */
  untouched(): boolean;
  /** Takes things as they are now, after drizzle-kit was loaded. */
  settle(): void;
}

export function openPrototypes(): Prototypes {
  let settled = SHARED.map(membersOf);
  return {
    untouched: () => SHARED.every((of, at) => same(settled[at] ?? [], membersOf(of))),
    settle: () => (settled = SHARED.map(membersOf)),
  };
}

function same(members: readonly unknown[], now: readonly unknown[]): boolean {
  return members.length === now.length && members.every((member, at) => Object.is(member, now[at]));
}

function membersOf(of: object): readonly unknown[] {
  return Reflect.ownKeys(of).flatMap((name) => {
    const descriptor = Object.getOwnPropertyDescriptor(of, name);
    return [name, descriptor?.value, descriptor?.get, descriptor?.set];
  });
}
