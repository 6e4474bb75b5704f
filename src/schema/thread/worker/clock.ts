export interface ClockWatch {
  /** What time it is was asked. */
  readonly read: () => void;
  /** A date was made from something else: which one may depend on the time zone. */
  readonly dated: () => void;
}

/** Tells of everyone who asks this thread what time it is; they are told the truth. */
export function watchClock({ read, dated }: ClockWatch): void {
  watchDate({ read, dated });
  const timer = Object.getPrototypeOf(performance) as object;
  around(timer, 'now', read);
  aroundGetter(timer, 'timeOrigin', read);
  for (const name of ['uptime', 'cpuUsage', 'memoryUsage', 'resourceUsage'])
    around(process, name, read);
  const { bigint } = process.hrtime;
  around(process, 'hrtime', read);
  Object.assign(process.hrtime, { bigint: () => (read(), bigint()) });
  // It formats the present where it is given nothing; and it knows the time zone.
  const format = Intl.DateTimeFormat;
  const watched: typeof format = new Proxy(format, {
    construct: (target, values, made) => (
      read(),
      Reflect.construct(target, values, made === watched ? target : made) as object
    ),
    apply: (target, self, values) => (read(), Reflect.apply(target, self, values) as unknown),
  });
  define(Intl, 'DateTimeFormat', watched);
  const now: unknown = Reflect.get((Reflect.get(globalThis, 'Temporal') ?? {}) as object, 'Now');
  if (typeof now === 'object' && now !== null)
    for (const name of Object.getOwnPropertyNames(now)) around(now, name, read);
}

function watchDate({ read, dated }: ClockWatch): void {
  const real = Date;
  around(real, 'now', read);
  const watched: DateConstructor = new Proxy(real, {
    construct: (target, values, made) => {
      if (values.length === 0) read();
      else dated();
      return Reflect.construct(target, values, made === watched ? target : made) as object;
    },
    apply: (target, self, values) => (read(), Reflect.apply(target, self, values) as unknown),
  });
  define(real.prototype, 'constructor', watched);
  define(globalThis, 'Date', watched);
}

/** Puts `before` in front of a method, whose name and number of parameters stay. */
export function around(of: object, name: string, before: () => void): void {
  const method: unknown = Reflect.get(of, name);
  if (typeof method !== 'function') return;
  const watched = new Proxy(method, {
    apply: (target, self, values) => {
      before();
      return Reflect.apply(target, self, values) as unknown;
    },
  });
  define(of, name, watched);
}

export function aroundGetter(of: object, name: string, before: () => void): void {
  const descriptor = Object.getOwnPropertyDescriptor(of, name);
  const get = descriptor?.get;
  if (descriptor === undefined || get === undefined) return;
  Object.defineProperty(of, name, {
    ...descriptor,
    get() {
      before();
      return Reflect.apply(get, this, []) as unknown;
    },
  });
}

function define(of: object, name: string, value: unknown): void {
  const descriptor = Object.getOwnPropertyDescriptor(of, name) ?? {
    writable: true,
    enumerable: false,
    configurable: true,
  };
  Object.defineProperty(of, name, {
    configurable: true,
    writable: true,
    enumerable: descriptor.enumerable ?? false,
    value,
  });
}
