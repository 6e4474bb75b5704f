import { basename, dirname } from 'node:path';
import type { HookName } from '../../hooks/hook-manager.ts';
import { fault, ok, warning, type Diagnosis, type Probe } from '../diagnosis.ts';
import { guardCallIn } from '../guard-call.ts';
import { LEFTHOOK_FILES, lefthookTexts, PRE_COMMIT_FILE, preCommitTexts } from '../hook-texts.ts';
import { isHuskyFolder, type InstalledHook } from '../installed-hooks.ts';
import type { SetUp } from '../set-up.ts';

/** Whether the hook managers that the project names are the ones whose files git runs. */
export const probe: Probe = {
  id: 'hook-manager',
  title: 'hook manager',
  needs: 'repository',
  async probe(setUp) {
    const named = await managersNamed(setUp);
    const diagnoses = (await Promise.all(named.map((manager) => MANAGERS[manager](setUp)))).flat();
    if (named.length > 1) diagnoses.push(await fight(setUp, named));
    return diagnoses.length > 0 ? diagnoses : [ok('none: the hooks are written by hand')];
  },
};

type Manager = 'husky' | 'lefthook' | 'simple-git-hooks' | 'pre-commit';

const MANAGERS: Readonly<Record<Manager, (setUp: SetUp) => Promise<readonly Diagnosis[]>>> = {
  husky,
  lefthook,
  'simple-git-hooks': simpleGitHooks,
  'pre-commit': preCommit,
};

async function managersNamed(setUp: SetUp): Promise<readonly Manager[]> {
  const { dependencies, json } = await setUp.manifest();
  const [lefthooks, preCommits] = await Promise.all([
    Promise.all(LEFTHOOK_FILES.map(setUp.read)),
    setUp.read(PRE_COMMIT_FILE),
  ]);
  const uses: Readonly<Record<Manager, boolean>> = {
    husky: dependencies.has('husky'),
    lefthook: lefthooks.some((text) => text !== undefined),
    'simple-git-hooks': json['simple-git-hooks'] !== undefined,
    'pre-commit': preCommits !== undefined,
  };
  return (Object.keys(uses) as Manager[]).filter((manager) => uses[manager]);
}

async function husky(setUp: SetUp): Promise<readonly Diagnosis[]> {
  const [{ folder, shown, exists, settings, hooks }, manifest] = await Promise.all([
    setUp.hooks(),
    setUp.manifest(),
  ]);
  const cure = { text: 'Let husky install its hooks:', run: manifest.runs('husky') };
  if ((await setUp.read('node_modules/husky/package.json')) === undefined) {
    return [
      fault(
        'husky is in package.json, and not in node_modules',
        { text: 'Install the dependencies:', run: manifest.install },
        cure,
      ),
    ];
  }
  if (settings.length === 0)
    return [fault('husky is in package.json, and not installed: core.hooksPath is not set', cure)];
  const eight = basename(folder) === '.husky';
  if (!isHuskyFolder(folder) && !eight)
    return [
      fault(
        `husky is in package.json, and git takes its hooks from ${shown}: husky's do not run`,
        cure,
      ),
    ];
  // The hooks folder's own probe tells that it is not there.
  if (!exists) return [];
  const foreign = hooks.filter(({ by, state }) => !eight && by !== 'husky' && state !== 'absent');
  if (foreign.length > 0) {
    return foreign.map(({ shown: file, by }) =>
      fault(
        `${file} is not husky's own file${by === 'hand' ? '' : `, but ${by}'s`}: it was written over, and ${basename(dirname(folder))}/${basename(file)} does not run`,
        cure,
      ),
    );
  }
  const prepares = [...manifest.scripts].some(
    ([name, line]) => /^(?:prepare|postinstall|preinstall)$/.test(name) && line.includes('husky'),
  );
  const seen = ok(`husky, installed in ${shown}`);
  if (prepares) return [seen];
  return [
    seen,
    warning('no script of package.json runs husky at install: a fresh clone has no hooks', {
      text: 'Let it be run:',
      run: 'npm pkg set scripts.prepare=husky',
    }),
  ];
}

async function lefthook(setUp: SetUp): Promise<readonly Diagnosis[]> {
  const manifest = await setUp.manifest();
  return manage(setUp, 'lefthook', (name) => lefthookTexts(setUp, name), {
    text: 'Let lefthook install its hooks:',
    run: manifest.runs('lefthook install'),
  });
}

async function preCommit(setUp: SetUp): Promise<readonly Diagnosis[]> {
  return manage(setUp, 'pre-commit', (name) => preCommitTexts(setUp, name), {
    text: 'Let pre-commit install its hooks:',
    run: 'pre-commit install --hook-type pre-commit --hook-type pre-merge-commit --hook-type pre-push',
  });
}

async function simpleGitHooks(setUp: SetUp): Promise<readonly Diagnosis[]> {
  const manifest = await setUp.manifest();
  const config = manifest.json['simple-git-hooks'];
  const commands: ReadonlyMap<string, unknown> = new Map(
    typeof config === 'object' && config !== null ? Object.entries(config) : [],
  );
  const texts = async (name: HookName) =>
    typeof commands.get(name) === 'string' ? [{ text: String(commands.get(name)) }] : [];
  return manage(setUp, 'simple-git-hooks', texts, {
    text: 'Let simple-git-hooks write the hooks that package.json names:',
    run: manifest.runs('simple-git-hooks'),
  });
}

/** Each hook in which the manager's config calls the guard must be the manager's own file where git looks for it. */
async function manage(
  setUp: SetUp,
  by: InstalledHook['by'],
  texts: (name: HookName) => Promise<readonly { readonly text: string }[]>,
  cure: { readonly text: string; readonly run: string },
): Promise<readonly Diagnosis[]> {
  const { hooks } = await setUp.hooks();
  const wanted = await Promise.all(
    hooks.map(async (hook) =>
      (await texts(hook.name)).some(({ text }) => guardCallIn(text, hook.name) !== undefined)
        ? [hook]
        : [],
    ),
  );
  const strangers = wanted.flat().filter((hook) => hook.by !== by);
  if (strangers.length === 0)
    return [
      ok(
        `${by}${wanted.flat().length === 0 ? ', whose config does not name the guard' : ', installed'}`,
      ),
    ];
  return strangers.map(({ shown, state, by: other }) =>
    fault(
      `${by} is to call the guard, and ${state === 'absent' ? `there is no ${shown}: it is not installed` : `${shown} is not its file${other === 'hand' ? '' : `, but ${other}'s`}: it was written over`}`,
      cure,
    ),
  );
}

/** Each of them writes over what the other has installed, at each install. */
async function fight(setUp: SetUp, managers: readonly Manager[]): Promise<Diagnosis> {
  const { hooks } = await setUp.hooks();
  const running = hooks.find(({ by }) => by !== 'hand')?.by;
  const loser = managers.find((manager) => manager !== running) ?? managers[0] ?? 'husky';
  return warning(
    `${managers.join(' and ')} both want git's hooks${running === undefined ? '' : `; ${running}'s run now`}: whichever is installed last takes them from the other`,
    {
      text: `Keep one of them. To give ${loser} up:`,
      run: {
        husky: 'npm uninstall husky && npm pkg delete scripts.prepare',
        lefthook: 'npx lefthook uninstall && git rm lefthook.yml',
        'simple-git-hooks': 'npm uninstall simple-git-hooks && npm pkg delete simple-git-hooks',
        'pre-commit': 'pre-commit uninstall && git rm .pre-commit-config.yaml',
      }[loser],
    },
  );
}
