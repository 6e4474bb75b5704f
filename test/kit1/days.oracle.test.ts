import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refusals } from '../support/scene.ts';
import { SEED, WHOLE } from '../support/run-settings.ts';
import { deploy } from './databases.ts';
import { scene1, type Scene1, type Scene1Dialect } from './scene.ts';
import { TEXTS } from './steps/steps.ts';
import { readFolder, type Folder } from './truth.ts';

/** Table -> its columns, and whether each is required. */
type Model = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

const DEEDS = [
  'add',
  'drop',
  'require',
  'table',
  'add',
  'require',
  'generate',
  'leave',
  'merge',
  'merge',
] as const;
/** How many of them, in front, change the schema. */
const EDITS = 6;
const DAY = fc.array(fc.record({ do: fc.constantFrom(...DEEDS), which: fc.nat({ max: 255 }) }), {
  minLength: 10,
  maxLength: 18,
  size: 'max',
});
type Day = readonly { readonly do: (typeof DEEDS)[number]; readonly which: number }[];

/**
 * Random days on two branches: at each step the guard says of what is staged what `generate
 * --explain` says of the same files, and passes what `generate` has just made.
 */
it.each(['postgresql', 'sqlite', 'mysql'] as const)(`%s, seed ${SEED}`, async (dialect) => {
  const tally = { clean: 0, drift: 0, conflict: 0 };
  const days = fc.sample(DAY, { seed: SEED, numRuns: WHOLE ? 10 : 1 });
  for (const day of days) await play(dialect, day, tally);
  console.log(dialect, tally);
  expect(tally.clean).toBeGreaterThan(0);
  expect(tally.drift).toBeGreaterThan(0);
});

async function play(
  dialect: Scene1Dialect,
  day: Day,
  tally: Record<'clean' | 'drift' | 'conflict', number>,
): Promise<void> {
  await using repo = await scene1('rc5', dialect, { shared: true });
  let model: Model = { t: { a: false } };
  let stamp = 0;
  let names = 0;
  const write = (): Promise<void> => repo.write('src/db/schema/index.ts', textOf(dialect, model));
  const generate = async (): Promise<void> => {
    stamp += 1;
    await repo.migration(`2024010100${String(stamp).padStart(4, '0')}_step`);
  };
  const look = async (there?: string): Promise<'clean' | 'drift' | 'conflict'> => {
    await repo.git('add', '--all');
    const { status, ...rest } = await repo.run1('generate', { explain: true });
    const refused = refusals(await repo.check());
    const truth = status === 'no_changes' ? 'clean' : status === 'error' ? 'conflict' : 'drift';
    const said = JSON.stringify({ status, rest, refused, model });
    tally[truth] += 1;
    // drizzle-kit looks at what is left of a branch at its end; a database may be in the middle of it.
    if (truth === 'clean' && there !== undefined && refused.includes('branch-conflict')) {
      expect(await breaks(repo, dialect, there), said).toBe(true);
      return 'conflict';
    }
    if (truth === 'clean') expect(refused, said).toEqual([]);
    else if (truth === 'conflict') expect(refused, said).toContain('branch-conflict');
    else
      expect(
        refused.some((rule) => ['schema-drift', 'split-commit'].includes(rule)),
        said,
      ).toBe(true);
    return truth;
  };
  const commit = async (): Promise<void> => {
    await repo.git('add', '--all');
    if ((await repo.git('status', '--porcelain')) !== '') await repo.git('commit', '-qnm', 'step');
  };
  await write();
  await generate();
  expect(await look()).toBe('clean');
  await commit();
  await repo.git('branch', 'other');
  const models = { base: model, main: model, other: model };
  let here: 'main' | 'other' = 'main';
  for (const { do: deed, which } of day) {
    names += 1;
    model = edited(model, deed, which, names);
    await write();
    if (['add', 'table', 'drop', 'require'].includes(deed)) {
      await look();
      continue;
    }
    if ((await look()) === 'drift') await generate();
    expect(await look()).toBe('clean');
    await commit();
    models[here] = model;
    if (deed === 'generate') continue;
    here = here === 'main' ? 'other' : 'main';
    await repo.git('checkout', '-q', here);
    model = models[here];
    if (deed === 'leave') continue;
    // So that there is something to merge.
    names += 1;
    model = edited(model, DEEDS[which % EDITS] ?? 'add', which, names);
    await write();
    if ((await look()) === 'drift') await generate();
    await commit();
    models[here] = model;
    const there = here === 'main' ? 'other' : 'main';
    await repo.git('merge', '-q', '--no-commit', '--no-ff', '-s', 'ours', there);
    await repo.git('checkout', '-q', there, '--', 'drizzle');
    const merged = joined(models.base, model, models[there]);
    model = merged;
    await write();
    if ((await look(there)) === 'conflict') {
      await repo.git('reset', '-q', '--hard');
      model = models[here];
      continue;
    }
    await commit();
    await repo.git('branch', '-qf', there, here);
    models.base = models[here] = models[there] = model;
  }
}

/** Whether a database that has a part of one branch refuses the rest, which comes with the merge. */
async function breaks(repo: Scene1, dialect: Scene1Dialect, there: string): Promise<boolean> {
  if (dialect === 'mysql') return false;
  const names = (...args: readonly string[]): Promise<readonly string[]> =>
    repo
      .git(...args)
      .then((paths) => [...new Set(paths.split('\n').flatMap((path) => path.split('/')[1] ?? []))]);
  const [all, ours, theirs] = await Promise.all([
    names('ls-files', '--', 'drizzle'),
    names('ls-tree', '-r', '--name-only', 'HEAD', 'drizzle'),
    names('ls-tree', '-r', '--name-only', there, 'drizzle'),
  ]);
  const read = (some: readonly string[]): Promise<readonly Folder[]> =>
    Promise.all(some.map((name) => readFolder(join(repo.dir, 'drizzle', name))));
  const common = all.filter((name) => ours.includes(name) && theirs.includes(name));
  for (const listed of [ours, theirs]) {
    const side = listed.filter((name) => !common.includes(name));
    for (const count of side.keys()) {
      const deployed = [...common, ...side.slice(0, count + 1)];
      if ((await deploy(dialect, [await read(deployed), await read(all)])) !== undefined)
        return true;
    }
  }
  return false;
}

function edited(model: Model, deed: Day[number]['do'], which: number, name: number): Model {
  const tables = Object.keys(model);
  const table = tables[which % tables.length] ?? 't';
  const columns = model[table] ?? {};
  const all = Object.keys(columns);
  const column = all[which % all.length] ?? 'a';
  switch (deed) {
    case 'add':
      return { ...model, [table]: { ...columns, [`c${name}`]: false } };
    case 'table':
      return { ...model, [`t${name}`]: { a: false } };
    case 'drop':
      return all.length > 1 ? { ...model, [table]: without(columns, column) } : model;
    case 'require':
      return { ...model, [table]: { ...columns, [column]: true } };
    default:
      return model;
  }
}

/** What two branches made of a model; in what both changed, ours. */
function joined(base: Model, ours: Model, theirs: Model): Model {
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return Object.fromEntries(
    [...names].map((name) => [name, columnsOf(base[name], ours[name], theirs[name])]),
  );
}

type Columns = Model[string] | undefined;

function columnsOf(base: Columns = {}, ours: Columns = {}, theirs: Columns = {}): Model[string] {
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].filter(
    (name) => !(name in base) || (name in ours && name in theirs),
  );
  return Object.fromEntries(
    names.map((name) => [
      name,
      ours[name] === base[name] ? (theirs[name] ?? ours[name]) : ours[name],
    ]),
  ) as Model[string];
}

function without(columns: Model[string], name: string): Model[string] {
  return Object.fromEntries(Object.entries(columns).filter(([one]) => one !== name));
}

function textOf(dialect: Scene1Dialect, model: Model): string {
  const { text } = TEXTS[dialect];
  return text.file(
    ...Object.entries(model).map(([name, columns]) =>
      text.table(
        name,
        Object.entries(columns)
          .map(([column, required]) => `${column}: text()${required ? '.notNull()' : ''}`)
          .join(', '),
      ),
    ),
  );
}
