import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openCompiledCode,
  type CompiledCode,
} from '../../../src/schema/worker/child/compiled-code.ts';
import { writeAtomically } from '../../../src/schema/cache/atomic-write.ts';
import { formatEntry, parseEntry } from '../../../src/schema/cache/entry.ts';
import { prune } from '../../../src/schema/cache/prune.ts';
import { openStore, storeFolder, type Store } from '../../../src/schema/cache/store.ts';

const NAME = 'result-0a1b';
const VALUE = { steady: true, text: 'naïve „quotes“ \n and lines', list: [1, null, { deep: [] }] };

describe('the text of an entry', () => {
  const written = formatEntry(NAME, VALUE);

  it('is read as it was written', () => {
    expect(parseEntry(NAME, written)).toEqual(VALUE);
    for (const value of [[], {}, 0, '', false, null])
      expect(parseEntry(NAME, formatEntry(NAME, value))).toEqual(value);
  });

  it('is nothing with any one character other, less, or more, or cut off anywhere', () => {
    const damaged: string[] = [];
    for (let at = 0; at < written.length; at++) {
      const other = written[at] === 'x' ? 'y' : 'x';
      damaged.push(
        written.slice(0, at),
        written.slice(0, at) + written.slice(at + 1),
        `${written.slice(0, at)}${other}${written.slice(at + 1)}`,
        `${written.slice(0, at)}${other}${written.slice(at)}`,
      );
    }
    damaged.push(
      `${written}\n`,
      written + written,
      ` ${written}`,
      `\uFEFF${written}`,
      written.replaceAll('\n', '\r\n'),
    );
    expect(damaged.filter((text) => parseEntry(NAME, text) !== undefined)).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['foreign JSON', '{"status":"ok","snapshot":{}}\n'],
    ['garbage', '\u0000\uFFFD{{{'],
    ['many lines', '\n\n\n'],
    ['another entry', formatEntry('result-0a1c', VALUE)],
    ['that of another guard', formatEntry(NAME, VALUE).replace(/^(\S+ \S+ )\S+/, '$1999.0.0')],
    ['another form', formatEntry(NAME, VALUE).replace(/^(\S+) 2 /, '$1 3 ')],
  ])('is nothing when it is %s', (_what, text) => {
    expect(parseEntry(NAME, text)).toBeUndefined();
  });
});

describe('the store', () => {
  let commonDir: string;
  let folder: string;
  beforeEach(async () => {
    commonDir = await mkdtemp(join(tmpdir(), 'guard-store-'));
    folder = join(commonDir, 'drizzle-guard/store');
  });
  afterEach(() => rm(commonDir, { recursive: true, force: true }));

  /** What a run does with a store of its own. */
  async function during<T>(
    act: (store: Store) => T,
    over: Partial<Parameters<typeof openStore>[0]> = {},
  ): Promise<T> {
    const store = openStore({ commonDir, prunes: 0, ...over });
    const done = act(store);
    await store.close();
    return done;
  }

  it('gives back what an earlier run has put into it, and nothing else', async () => {
    expect(await during((store) => [store.empty, store.get(NAME)])).toEqual([true, undefined]);
    await during((store) => store.put(NAME, VALUE));
    expect(
      await during((store) => [store.empty, store.get(NAME), store.get('result-0a1c')]),
    ).toEqual([false, VALUE, undefined]);
    await during((store) => store.put(NAME, ['newer']));
    expect(await during((store) => store.get(NAME))).toEqual(['newer']);
    expect(await readdir(folder)).toEqual([NAME]);
  });

  it('gives back what is still being written, and the last one stays', async () => {
    const seen = await during((store) =>
      [1, 2, 3].map((value) => {
        store.put(NAME, [value, store.get(NAME) ?? null]);
        return store.get(NAME);
      }),
    );
    expect(seen).toEqual([
      [1, null],
      [2, [1, null]],
      [3, [2, [1, null]]],
    ]);
    expect(await during((store) => store.get(NAME))).toEqual(seen.at(-1));
  });

  it('takes what is under another name for nothing', async () => {
    await during((store) => store.put(NAME, VALUE));
    await writeFile(join(folder, 'result-0a1c'), await readFile(join(folder, NAME)));
    expect(await during((store) => store.get('result-0a1c'))).toBeUndefined();
  });

  it('is done without where a folder, a file or nobody may write is in its way', async () => {
    await mkdir(join(folder, NAME), { recursive: true });
    await during((store) => store.put(NAME, VALUE));
    expect(await during((store) => store.get(NAME))).toBeUndefined();
    expect(await readdir(folder)).toEqual([NAME]);
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file');
    await during((store) => store.put(NAME, VALUE));
    expect(await during((store) => store.get(NAME))).toBeUndefined();
    await rm(join(commonDir, 'drizzle-guard'), { recursive: true });
    await writeFile(join(commonDir, 'drizzle-guard'), 'a file');
    await during((store) => store.put(NAME, VALUE));
    expect(await readFile(join(commonDir, 'drizzle-guard'), 'utf8')).toBe('a file');
    await rm(commonDir, { recursive: true });
    await writeFile(commonDir, '');
    expect(await during((store) => (store.put(NAME, VALUE), store.get(NAME)))).toBeUndefined();
  });

  it('may be deleted while it is used', async () => {
    await during(async (store) => {
      store.put(NAME, VALUE);
      // What is written meanwhile may be in the way of the deletion.
      await rm(folder, { recursive: true, force: true, maxRetries: 20 });
      store.put('result-2', VALUE);
    });
    await during((store) => store.put(NAME, VALUE));
    expect(await during((store) => store.get(NAME))).toEqual(VALUE);
  });

  it('keeps nothing that is huge', async () => {
    await during((store) => store.put(NAME, 'x'.repeat(5 * 1024 * 1024)));
    expect(await during((store) => store.get(NAME))).toBeUndefined();
  });

  it('is written by many at once, whole', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        during((store) => [store.put(NAME, VALUE), store.put(`result-${n}`, n)]),
      ),
    );
    expect(await during((store) => store.get(NAME))).toEqual(VALUE);
    expect((await readdir(folder)).toSorted()).toEqual(
      [NAME, ...Array.from({ length: 20 }, (_, n) => `result-${n}`)].toSorted(),
    );
  });

  it('notes the use of an entry, once a day', async () => {
    await during((store) => (store.put('old', 1), store.put('new', 2)));
    const [days, hours] = [
      new Date(Date.now() - 50 * 60 * 60 * 1000),
      new Date(Date.now() - 5 * 60 * 60 * 1000),
    ];
    await utimes(join(folder, 'old'), days, days);
    await utimes(join(folder, 'new'), hours, hours);
    await during((store) => [store.get('old'), store.get('new')]);
    expect(Date.now() - (await stat(join(folder, 'old'))).mtimeMs).toBeLessThan(60_000);
    expect(Math.round((await stat(join(folder, 'new'))).mtimeMs)).toBe(hours.getTime());
  });

  it('throws out what was not used for longest, well below its limits', async () => {
    await during((store) =>
      Array.from({ length: 30 }, (_, n) => store.put(`entry-${n}`, 'x'.repeat(1000))),
    );
    for (let n = 0; n < 30; n++)
      await utimes(
        join(folder, `entry-${n}`),
        new Date(1e12 + n * 1000),
        new Date(1e12 + n * 1000),
      );
    await during((store) => store.put('newest', 1), {
      prunes: 1,
      limits: { entries: 20, bytes: 1e9 },
    });
    const left = await readdir(folder);
    expect(left.toSorted()).toEqual(
      ['newest', ...Array.from({ length: 15 }, (_, n) => `entry-${29 - n}`)].toSorted(),
    );
    await during((store) => store.put('newest', 2), {
      prunes: 1,
      limits: { entries: 1000, bytes: 10_000 },
    });
    expect((await readdir(folder)).length).toBeLessThan(10);
    expect(await during((store) => [store.get('newest'), store.get('entry-29')])).toEqual([
      2,
      'x'.repeat(1000),
    ]);
  });

  it('is pruned by runs that write alone, and not by each of these', async () => {
    await during((store) => Array.from({ length: 5 }, (_, n) => store.put(`entry-${n}`, n)));
    const limits = { entries: 2, bytes: 1e9 };
    await during((store) => store.get('entry-0'), { prunes: 1, limits });
    await during((store) => store.put('entry-5', 1), { prunes: 0, limits });
    expect((await readdir(folder)).length).toBe(6);
  });

  it('is rid of what killed runs left, after an hour', async () => {
    await during((store) => store.put(NAME, VALUE));
    await writeFile(join(folder, 'result-1.123.abc.tmp'), 'half');
    await prune(folder, { entries: 100, bytes: 1e9 }, Date.now() + 1000);
    expect((await readdir(folder)).length).toBe(2);
    await prune(folder, { entries: 100, bytes: 1e9 }, Date.now() + 2 * 60 * 60 * 1000);
    expect(await readdir(folder)).toEqual([NAME]);
  });

  it('is left alone where it may only be read', async () => {
    await during((store) => store.put(NAME, VALUE));
    await chmod(folder, 0o555);
    try {
      expect(await during((store) => (store.put('result-3', 3), store.get(NAME)))).toEqual(VALUE);
    } finally {
      await chmod(folder, 0o755);
    }
  });

  describe('compiled code', () => {
    // V8 remembers what it has compiled under a name, and asks for no code then.
    let runs = 0;
    const keep = async (code: CompiledCode): Promise<void> => {
      for (const { file, bytes } of code.fresh()) await writeAtomically(file, bytes);
    };
    const text = 'exports.answer = () => require("the answer");';
    /** Runs it as a run of the guard does. @returns what is new in the store. */
    async function ran(source = text): Promise<readonly string[]> {
      const before = await contents();
      const code = openCompiledCode(storeFolder(commonDir));
      const module = { exports: {} as { answer?: () => string } };
      const run = code.wrapped(Buffer.from(source), `/kit-${(runs += 1)}.cjs`) as (
        ...values: unknown[]
      ) => void;
      run(module.exports, (name: string) => `here is ${name}`, module);
      expect(module.exports.answer?.()).toBe('here is the answer');
      await keep(code);
      const after = await contents();
      return [...after].flatMap(([name, bytes]) => (before.get(name) === bytes ? [] : [name]));
    }
    const contents = async (): Promise<ReadonlyMap<string, string>> => {
      const names = await readdir(folder).catch(() => []);
      const read = async (name: string) =>
        [name, (await readFile(join(folder, name))).toString('base64')] as const;
      return new Map(await Promise.all(names.map(read)));
    };

    it('is kept once, and taken from there', async () => {
      const [name = ''] = await ran();
      expect(name).toMatch(/^code-[0-9a-f]{40}$/);
      // Nothing is kept again.
      expect(await ran()).toEqual([]);
      // V8 knows a text by its length.
      expect(await ran(text.replaceAll('"', '`'))).toHaveLength(1);
    });

    it('is of a part of a file, which is made again where the file or the way changed', async () => {
      const file = join(commonDir, 'kit.js');
      await writeFile(file, 'one');
      const made: string[] = [];
      const part = async (how = 'first'): Promise<string> => {
        const code = openCompiledCode(storeFolder(commonDir));
        const answer = code.made(file, how, () => {
          made.push(how);
          return Buffer.from(`${how} of ${readFileSync(file, 'utf8')}`);
        });
        await keep(code);
        return answer.toString();
      };
      expect([await part(), await part()]).toEqual(['first of one', 'first of one']);
      expect(await part('last')).toBe('last of one');
      expect(made).toEqual(['first', 'last']);
      // Two versions of a package, as large, and with the time that npm gives all files.
      const always = new Date('1985-10-26T08:15:00Z');
      await writeFile(file, 'other');
      await utimes(file, always, always);
      expect(await part()).toBe('first of other');
      await writeFile(file, 'again');
      await utimes(file, always, always);
      expect(await part()).toBe('first of again');
      const names = (await readdir(folder)).filter((name) => name.startsWith('text-'));
      for (const name of names) await writeFile(join(folder, name), 'damaged');
      expect(await part()).toBe('first of again');
      expect(made).toEqual(['first', 'last', 'first', 'first', 'first']);
    });

    it('is made again where it is damaged, or of another V8', async () => {
      const head = (code: Buffer) => createHash('sha1').update(code).digest();
      const damages: ((whole: Buffer) => Buffer)[] = [
        () => Buffer.alloc(0),
        (whole) => whole.subarray(0, -1),
        (whole) => Buffer.concat([whole.subarray(0, 200), Buffer.from('x'), whole.subarray(201)]),
        (whole) => {
          const other = Buffer.from(whole.subarray(20));
          other[4] = (other[4] ?? 0) ^ 0xff;
          return Buffer.concat([head(other), other]);
        },
        () => Buffer.concat([head(Buffer.from('code')), Buffer.from('code')]),
      ];
      for (const [at, damaged] of damages.entries()) {
        const source = `${text} // ${at}`;
        const [name = ''] = await ran(source);
        expect(await ran(source)).toEqual([]);
        await writeFile(join(folder, name), damaged(await readFile(join(folder, name))));
        expect(await ran(source)).toEqual([name]);
      }
    });

    it('is neither read nor kept where the store is a link, or not known', async () => {
      const elsewhere = join(commonDir, 'elsewhere');
      await mkdir(elsewhere);
      await mkdir(join(commonDir, 'drizzle-guard'));
      await symlink(elsewhere, folder);
      expect(await ran()).toEqual([]);
      const unknown = openCompiledCode(undefined);
      unknown.wrapped(Buffer.from(text), '/kit-nowhere.cjs');
      expect(unknown.fresh()).toEqual([]);
      expect(await readdir(commonDir)).toEqual(['drizzle-guard', 'elsewhere']);
    });
  });
});
