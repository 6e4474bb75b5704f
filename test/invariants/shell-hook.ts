import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { version } from '../../src/model/version.ts';
import { MIGRATION_ENDINGS, type Closure } from '../../src/relevance/closure.ts';
import { repository, type Answer, type How, type TestRepository } from '../support/repository.ts';

/** What hook.sh lets through without Node, Node's quick way lets through too. */
const HOOK = new URL('../../src/hooks/hook.sh', import.meta.url);

export const PLAIN = [
  'README.md',
  'app',
  'app/main.ts',
  'app/main.test.ts',
  'app/db',
  'app/db/schema.ts',
  'app/db/schema.ts/index.ts',
  'app/db/schema/teams.ts',
  'app/db/schema+more.ts',
  'app/dbx/file.md',
  'drizzle',
  'drizzle/0000_start.sql',
  'drizzle/meta/_journal.json',
  'other/meta/_journal.json',
  'other/20240506_x/snapshot.json',
  'drizzle.config.ts',
  'web/drizzle-test.config.js',
  'web/package.json',
  'web/my package.json',
  'guard.config.json',
  'web/guard.config.json',
  '-n',
  '-e app/x',
  'a b/c d.ts',
  'a*b/[id]/x?.ts',
  'a.b/(group)/{x}|y$.md',
  'a^b/c.md',
  '1',
  ':ok',
  '.gitignore',
  'LICENSE',
  'Dockerfile',
  'web/docker-compose.prod.yml',
  '.github/workflows/ci.yml',
  'web/.github/workflows/ci.yml',
  'tools/deploy-all.sh',
];
const ODD = [
  'app/ü.ts',
  'app/db/naïve.md',
  'a\nb/app/db',
  'tab\there',
  'q"uote.ts',
  'back\\slash.ts',
];
const NAMES = [...PLAIN, ...ODD];

const name = fc.constantFrom(...NAMES);
const folder = fc.constantFrom('', 'app', 'app/db', 'drizzle', 'a b', 'a.b/(group)', 'app/ü', '1');
export const closures: fc.Arbitrary<Closure> = fc.record({
  paths: fc.uniqueArray(
    fc.oneof(
      name,
      folder.filter((path) => path !== ''),
    ),
    { maxLength: 6 },
  ),
  watched: fc.array(
    fc.record({
      folder,
      ending: fc.oneof(
        { arbitrary: fc.constant(''), weight: 3 },
        fc.constantFrom('.ts', 'schema.ts', 'b', 'ü.ts', ...MIGRATION_ENDINGS, '.md', '(group)'),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** What becomes of a path: its entry, or that it goes. */
const entry = fc.constantFrom('100644 0', '100644 1', '100755 0', '120000 0', '160000', 'gone');
export const tree = fc.dictionary(name, entry, { maxKeys: 14 });
export const change = fc.dictionary(
  fc.oneof(fc.constantFrom('README.md', 'app/main.test.ts', 'LICENSE', 'app/dbx/file.md'), name),
  fc.oneof({ arbitrary: fc.constant('100644 1'), weight: 3 }, entry),
  { maxKeys: 3 },
);

/** What may become of what the last check kept. @param store the folder of what it kept */
export const DAMAGE: Readonly<Record<string, (store: string, at: number) => Promise<unknown>>> = {
  none: async () => undefined,
  'a byte of the names': (store, at) => flip(join(store, 'hook-names'), at),
  'a byte of the head': (store, at) => flip(join(store, 'hook'), at),
  'names cut short': (store, at) => cut(join(store, 'hook-names'), at),
  'a head cut short': (store, at) => cut(join(store, 'hook'), at),
  'no names': (store) => rm(join(store, 'hook-names'), { force: true }),
  'names that match nothing': (store) => writeFile(join(store, 'hook-names'), '^:ok$\n'),
  'an empty head': (store) => writeFile(join(store, 'hook'), ''),
  'another commit': async (store) => {
    const head = await readFile(join(store, 'hook'), 'utf8').catch(() => '');
    await writeFile(join(store, 'hook'), head.replace(/ [0-9a-f]{40} /, ` ${'f'.repeat(40)} `));
  },
  'another version': async (store) => {
    const head = await readFile(join(store, 'hook'), 'utf8').catch(() => '');
    await writeFile(join(store, 'hook'), head.replace(version, '9.9.9'));
  },
  'a link to it': async (store) => {
    await rm(`${store}-away`, { recursive: true, force: true });
    await rename(store, `${store}-away`);
    await symlink(`${store}-away`, store);
  },
};

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return;
  const position = at % bytes.length;
  bytes[position] = (bytes[position] ?? 0) ^ (1 << (at % 7));
  await writeFile(path, bytes);
}

async function cut(path: string, at: number): Promise<void> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes !== undefined) await writeFile(path, bytes.subarray(0, at % bytes.length));
}

export const shells = ['sh', 'dash', 'bash --posix', 'busybox sh'].filter((shell) => {
  const [program = '', ...args] = shell.split(' ');
  return spawnSync(program, [...args, '-c', ':']).status === 0;
});

/** A repository with hook.sh beside it, and a program that stands for Node. */
export interface Hooked extends TestRepository {
  /** Oids of two blobs. */
  readonly blobs: readonly string[];
  /** Its first commit. */
  readonly start: string;
  /** Calls hook.sh by a shell; exit code 7 where it asks Node. */
  hook(shell: string, args: readonly string[], how?: How): Promise<Answer>;
  /** What Node was handed on standard input at the last push. */
  handed(): Promise<string>;
}

export async function hooked(): Promise<Hooked> {
  const repo = await repository({ one: 'one\n', two: 'two\n' }, { shared: true });
  const start = await repo.commit('start');
  const blobs = (await repo.git('hash-object', '-w', 'one', 'two')).trim().split('\n');
  const bin = join(repo.around, 'my bin');
  const refs = join(repo.around, 'refs');
  const script = await readFile(HOOK, 'utf8');
  await mkdir(bin);
  await writeFile(join(bin, 'hook.sh'), script.replaceAll('@version@', version));
  // Instead of Node: that it was asked is all that counts here.
  await writeFile(join(bin, 'node'), `#!/bin/sh\n[ "$2" != pre-push ] || cat >'${refs}'\nexit 7\n`);
  await chmod(join(bin, 'node'), 0o755);
  return Object.assign(repo, {
    blobs,
    start,
    hook: (shell: string, args: readonly string[], how: How = {}) => {
      const [program = '', ...flags] = shell.split(' ');
      const env = { ...how.env, PATH: `${bin}:${process.env['PATH']}` };
      return repo.run(program, [...flags, join(bin, 'hook.sh'), ...args], { ...how, env });
    },
    handed: () => readFile(refs, 'utf8'),
  });
}
