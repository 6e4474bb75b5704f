import type { Tree } from '../../git/trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { hasNestedPackages, scriptLine } from './command-line.ts';
import { bareCall, packagesAbove } from './how-to-generate.ts';
import type { PackageFile } from './package-file.ts';
import { packageManagerOf } from './package-manager.ts';
import type { Project } from '../project.ts';
import { scriptCallsOf } from './script-calls.ts';
import { commandsOf } from './shell-words.ts';
import { workspaceOf } from './workspaces.ts';

/** What a migrate command depends on. */
export type Migrated = Pick<Project, 'config' | 'base' | 'driver'> & Partial<Project>;

/**
 * What a developer of this project would type, from any folder of the repository, to migrate a local
 * database: the script that runs `drizzle-kit migrate` for this config, else a script of such a
 * name that runs a program for it, else drizzle-kit itself in the project's base folder.
 * @returns undefined where the app applies the migrations: drizzle-kit has no `migrate` for these
 * drivers.
 */
export async function howToMigrate(tree: Tree, project: Migrated): Promise<string | undefined> {
  if (project.driver === 'expo' || project.driver === 'durable-sqlite') return undefined;
  const entries = await tree.entries();
  const isFile = (path: RepoPath): boolean => entries.has(path);
  const { packages, pnpmFiles } = await packagesAbove(tree, project, isFile);
  const { manager } = packageManagerOf(project.base, packages, isFile);
  const [best] = scriptsOf(project, packages, isFile);
  // drizzle-kit migrates with a config only.
  if (best === undefined)
    return project.withoutConfig === true
      ? undefined
      : bareCall(project, 'migrate', manager, isFile);
  const workspace = await workspaceOf(best.package.folder, packages, pnpmFiles);
  return scriptLine(manager, best.package, best.script, '', {
    workspace: workspace?.root,
    nested: hasNestedPackages(entries.keys()),
  });
}

interface MigrateScript {
  readonly package: PackageFile;
  readonly script: string;
  readonly score: number;
}

/**
 * The scripts that migrate, the best first: drizzle-kit's own before others, the plainest name
 * before `db:migrate:ci`.
 */
function scriptsOf(
  { config, base }: Migrated,
  packages: ReadonlyMap<RepoPath, PackageFile>,
  isFile: (path: RepoPath) => boolean,
): readonly MigrateScript[] {
  const found: MigrateScript[] = [];
  for (const file of packages.values()) {
    const calls = scriptCallsOf(file, isFile);
    for (const [script, line] of file.scripts) {
      if (ELSEWHERE.test(script) || MORE.test(line)) continue;
      const own = calls.filter((call) => call.script === script);
      const byKit = own.some(
        (call) =>
          call.call.command === 'migrate' &&
          call.config === config &&
          call.folder === base &&
          (call.call.last || NAMED.test(script)),
      );
      if (
        !byKit &&
        (own.length > 0 || file.folder !== base || !NAMED.test(script) || !runsMigrations(line))
      )
        continue;
      found.push({
        package: file,
        script,
        score: (byKit ? 4 : 0) + (NAMED.test(script) ? 2 : 0) + (PLAIN.test(script) ? 1 : 0),
      });
    }
  }
  return found.sort((a, b) => b.score - a.score);
}

/** `migrate`, `db:migrate`, `migrate-db`, `db:migrate:local`, `migration:run`, ... */
const NAMED =
  /^(?:[\w.]+[:_-])?(?:migrate|migrations?[:_-](?:run|apply|up))(?:[:_-](?:db|dev|local|up|run|latest))?$/i;
const PLAIN = /^(?:(?:db|database|drizzle)[:_-])?migrate$/i;
/** Not a local database. */
const ELSEWHERE =
  /prod|staging|stage|remote|preview|deploy|(?:^|[:_-])(?:ci|test|e2e|live)(?:$|[:_-])/i;
/** Does more than that, or something else: not to be pasted. */
const MORE =
  /(^|[\s"'&|;])(rm|rimraf|del|del-cli|git|dropdb)\s|drizzle-kit(@\S+)?\s+(drop|push|generate|pull)\b/;
const RUNNERS = /^(?:node|tsx|ts-node|ts-node-esm|bun|deno|vite-node|esno|jiti|swc-node|wrangler)$/;

/**
 * A file that migrates, run by a program (`tsx src/migrate.ts`, `dotenv -- node
 * scripts/migrate.mjs`), or wrangler's own.
 */
function runsMigrations(line: string): boolean {
  return commandsOf(line).some((command) => {
    const at = command.findIndex((word) => RUNNERS.test(word));
    return (
      at >= 0 &&
      command
        .slice(at + 1)
        .some(
          (word) => /migrat/i.test(word) && (/\.[cm]?[jt]s$/.test(word) || word === 'migrations'),
        )
    );
  });
}
