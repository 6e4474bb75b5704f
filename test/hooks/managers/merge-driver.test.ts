import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMergeDriver, removeMergeDriver } from '../../../src/hooks/merge-driver.ts';
import { after, memoryWorktree, type Files } from './memory-worktree.ts';

type Wanted = Parameters<typeof addMergeDriver>[1];

async function set(files: Files, outs: readonly string[], more: Partial<Wanted> = {}) {
  const plan = await addMergeDriver(memoryWorktree(files), {
    outs,
    keep: false,
    script: 'prepare',
    ...more,
  });
  return after(files, plan);
}

const taken = async (files: Files): Promise<Files> =>
  after(files, await removeMergeDriver(memoryWorktree(files)));

const HEAD =
  '# Written by `guard init`: git merges journals with the guard, and snapshots not at all.';
const of = (...outs: readonly string[]): string =>
  [
    HEAD,
    ...outs.flatMap((out) => [
      `${out}/meta/_journal.json merge=drizzle-guard`,
      `${out}/meta/*_snapshot.json -merge`,
    ]),
    '',
  ].join('\n');

describe('the attributes', () => {
  it('are a block with two lines for each folder, which is brought up to date where it stands', async () => {
    const first = await set({ '.gitattributes': '*.png binary\n' }, ['drizzle']);
    expect(first['.gitattributes']).toBe(`*.png binary\n${of('drizzle')}`);
    const more = { '.gitattributes': `${first['.gitattributes'] ?? ''}*.bat eol=crlf\n` };
    const moved = `*.png binary\n${of('apps/a/drizzle', 'b')}*.bat eol=crlf\n`;
    expect(await set(more, ['apps/a/drizzle', 'b'])).toEqual({ '.gitattributes': moved });
    // A config that cannot be read may be the one that names the folder.
    const kept = `*.png binary\n${of('drizzle', 'b')}*.bat eol=crlf\n`;
    expect(await set(more, ['b'], { keep: true })).toEqual({ '.gitattributes': kept });
    expect(await set({ '.gitattributes': '' }, [])).toEqual({ '.gitattributes': '' });
    expect(await set(more, [])).toEqual({ '.gitattributes': '*.png binary\n*.bat eol=crlf\n' });
  });

  it('go back to the byte, whatever was there, and stay as they are a second time', async () => {
    const line = fc.constantFrom('*.png binary', '# a word', '', '*.json merge=union', 'x -merge');
    const text = fc
      .tuple(fc.array(line, { minLength: 1 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
      .map(([lines, eol, ends]) => lines.join(eol) + (ends ? eol : ''))
      .filter((one) => one !== '');
    const outs = fc.uniqueArray(fc.constantFrom('drizzle', 'a b/c', ''), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.option(text, { nil: undefined }),
        outs,
        outs,
        async (old, some, others) => {
          const files: Files = old === undefined ? {} : { '.gitattributes': old };
          const once = await set(files, some);
          expect(await set(once, some)).toEqual(once);
          expect(await taken(once)).toEqual(files);
          const again = await set(once, others);
          expect(again).toEqual(await set(files, others));
          expect(await taken(again)).toEqual(files);
          if (old?.includes('\r\n') === true)
            expect(once['.gitattributes']).not.toMatch(/(?<!\r)\n/);
        },
      ),
    );
  });
});

describe('the script that sets up other clones', () => {
  const SCRIPT = '(drizzle-guard init --clone-only || exit 0)';
  it.each([
    ['none', '{\n  "name": "x"\n}\n', 'prepare', SCRIPT],
    ['one', '{ "scripts": { "prepare": "husky" } }', 'prepare', `husky && ${SCRIPT}`],
    ["Yarn's", '{ "scripts": { "postinstall": "a || b" } }', 'postinstall', `a || b && ${SCRIPT}`],
  ])('%s', async (_name, manifest, script, value) => {
    const made = await set({ 'package.json': manifest }, ['drizzle'], { script });
    const json = JSON.parse(made['package.json'] ?? '') as { scripts: Record<string, string> };
    expect(json.scripts).toEqual({ [script]: value });
    expect(await set(made, ['drizzle'], { script })).toEqual(made);
    const back = await taken(made);
    expect(JSON.parse(back['package.json'] ?? '')).toEqual(JSON.parse(manifest));
  });

  it.each(['{ "scripts": [] }', '{ "name": '])(
    'nothing of it can be written into %s',
    async (text) => {
      const files = { 'package.json': text };
      const plan = await addMergeDriver(memoryWorktree(files), {
        outs: [],
        keep: false,
        script: 'prepare',
      });
      expect(after(files, plan)).toEqual(files);
      expect(plan.notes).toEqual([
        `package.json could not be edited: let its script prepare run ${SCRIPT}.`,
      ]);
      expect(await taken(files)).toEqual(files);
    },
  );

  it('goes from wherever it stands among others', async () => {
    const manifest = (prepare: string) => ({
      'package.json': JSON.stringify({ scripts: { prepare } }),
    });
    for (const [from, to] of [
      [`${SCRIPT} && husky`, 'husky'],
      [`a && ${SCRIPT} && b`, 'a && b'],
      ['a && b', 'a && b'],
    ] as const)
      expect(await taken(manifest(from))).toEqual(manifest(to));
  });

  it('is left alone where a script calls it in its own way; a note says so', async () => {
    const files = {
      'package.json': '{"scripts":{"postinstall":"npx drizzle-guard init --clone-only"}}',
    };
    expect((await set(files, ['drizzle']))['package.json']).toBe(files['package.json']);
    expect((await removeMergeDriver(memoryWorktree(files))).notes).toEqual([
      'package.json calls drizzle-guard init --clone-only: remove it by hand.',
    ]);
  });
});

it('the config names the guard as the hooks do, the driver first, and goes as a whole', async () => {
  const guard = "'my app/100%/node_modules/.bin/drizzle-guard'";
  const plan = await addMergeDriver(memoryWorktree({}, { guard }), {
    outs: [],
    keep: false,
    script: 'prepare',
  });
  expect(plan.commands.map(({ args }) => args.slice(2))).toEqual([
    ['merge.drizzle-guard.driver', `${guard.replace('%', '%%')} merge-driver %O %A %B %P`],
    ['merge.drizzle-guard.recursive', 'binary'],
    ['merge.drizzle-guard.name', 'drizzle-guard, for journals'],
  ]);
  const mergeDriver = new Map(
    plan.commands.map(({ args: [, , key = '', value = ''] }) => [key.split('.')[2] ?? '', value]),
  );
  const there = { ...memoryWorktree({}, { guard }), mergeDriver };
  expect((await addMergeDriver(there, { outs: [], keep: false, script: '' })).commands).toEqual([]);
  expect((await removeMergeDriver(there)).commands.map(({ args }) => args)).toEqual([
    ['config', '--local', '--remove-section', 'merge.drizzle-guard'],
  ]);
});
