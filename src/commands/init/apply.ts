import { apply } from '../../hooks/apply.ts';
import { commandLine } from '../../hooks/command-line.ts';
import { openWorktree } from '../../hooks/open-worktree.ts';
import type { Command, Worktree, Plan } from '../../hooks/hook-manager.ts';
import type { Repository } from '../../git/repository.ts';
import { type RepoPath, inside } from '../../model/repo-path.ts';
import type { CliContext } from '../../cli-context.ts';
import { LOCK_FILES } from '../../project/scripts/package-manager.ts';
import { dependencyNames, type Packages } from './packages.ts';
import {
  digest,
  joinRecords,
  readRecord,
  writeRecord,
  type InitRecord,
  type RecordedFile,
} from './record.ts';
import type { Ui } from './ui.ts';

/**
 * What is undertaken, in its order: what installs first, because a hook without the guard refuses
 * everything.
 */
interface InitSteps {
  readonly repository: Repository;
  readonly packages: Packages;
  /** Adds what package.json lacks. */
  readonly install: Command | undefined;
  /**
   * What is to be done, planned on the worktree as it is now; and again once something was
   * installed.
   */
  readonly plan: (worktree: Worktree) => Promise<Plan>;
}

/**
 * Does it, says what it does, and records it for `guard uninstall` whatever becomes of it. True
 * when all of it was done.
 */
export async function applyInit(
  context: CliContext,
  ui: Ui,
  { repository, packages, install, plan }: InitSteps,
): Promise<boolean> {
  const worktree = await openWorktree(repository, packages.folder);
  const planned = await plan(worktree);
  const before = await fileState(worktree, packages, planned);
  try {
    if (
      install !== undefined &&
      !(await applyPlan(context, ui, worktree, { edits: [], commands: [install], notes: [] }))
    )
      return false;
    const fresh =
      install === undefined ? worktree : await openWorktree(repository, packages.folder);
    return await applyPlan(context, ui, fresh, install === undefined ? planned : await plan(fresh));
  } finally {
    await record(
      repository,
      packages.folder,
      before,
      await fileState(await openWorktree(repository, packages.folder), packages, planned),
    );
  }
}

/** Applies one plan, and says what was done and what failed. */
export async function applyPlan(
  context: Pick<CliContext, 'env'>,
  ui: Ui,
  worktree: Worktree,
  plan: Plan,
): Promise<boolean> {
  const { done, failure } = await apply(worktree, plan, {
    env: context.env,
    onCommand: (command) => ui.say('will', `${commandLine(command)} ...`),
  });
  for (const step of done) {
    if (step.kind === 'ran') ui.say('done', commandLine(step.command));
    else
      ui.say(
        'done',
        step.kind === 'run-bit' ? `${step.path} made executable` : `${step.path} ${step.kind}`,
      );
  }
  if (failure === undefined) return true;
  ui.say(
    'error',
    failure.message,
    (failure.output ?? '')
      .trimEnd()
      .split('\n')
      .slice(-20)
      .filter((line, at, all) => line !== '' || all.length > 1),
  );
  return false;
}

/** Files that a package manager changes of its own accord. */
export function managedFiles({ folder, managed }: Packages): readonly RepoPath[] {
  return [
    ...new Set([
      inside(folder, 'package.json'),
      ...LOCK_FILES.map(([name]) => inside(managed, name)).filter(
        (path) => !path.endsWith('.lockb'),
      ),
      inside(managed, 'pnpm-workspace.yaml'),
    ]),
  ];
}

/** How things stand where init could change them. */
interface FileState {
  readonly files: ReadonlyMap<string, string | undefined>;
  readonly dependencies: ReadonlySet<string>;
  readonly hooksPath: boolean;
}

async function fileState(worktree: Worktree, packages: Packages, plan: Plan): Promise<FileState> {
  const paths = new Set([...plan.edits.map(({ path }) => path), ...managedFiles(packages)]);
  const locks = new Set(LOCK_FILES.map(([name]) => inside(packages.managed, name)));
  const files = new Map(
    await Promise.all(
      [...paths].map(async (path) => {
        // A lock file that is no text is not taken back; its package manager does that.
        const text = await worktree.read(path).catch((error: unknown) => {
          if (!locks.has(path)) throw error;
        });
        return [path, text ?? undefined] as const;
      }),
    ),
  );
  return {
    files,
    dependencies: dependencyNames(files.get(inside(packages.folder, 'package.json'))),
    hooksPath: worktree.hooksPath !== undefined,
  };
}

async function record(
  { commonDir }: Repository,
  folder: RepoPath,
  before: FileState,
  after: FileState,
): Promise<void> {
  const files = [...before.files].flatMap(([path, was]): RecordedFile[] => {
    const now = after.files.get(path);
    return now === was ? [] : [{ path, before: was ?? null, after: digest(now) }];
  });
  const later: InitRecord = {
    version: 1,
    files,
    dependencies: [...after.dependencies].filter((name) => !before.dependencies.has(name)),
    folder,
    hooksPath: after.hooksPath && !before.hooksPath,
  };
  if (files.length > 0 || later.hooksPath === true)
    await writeRecord(commonDir, joinRecords(await readRecord(commonDir), later));
}
