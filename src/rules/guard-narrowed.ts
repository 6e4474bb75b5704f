import { isInOut } from '../history/layout.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Draft, Fix } from '../model/finding.ts';
import { shellPath } from '../model/shell-quote.ts';
import { listed } from '../model/words.ts';
import type { Project } from '../project/project.ts';
import type { EngineRule } from './rule.ts';
import { orSayWhy, restore } from './text/fixes.ts';

export const rule = {
  id: 'guard-narrowed',
  severity: 'error',
  title:
    'a project, its schema, its migrations folder or its journal is taken out of the sight ' +
    'of the guard',
  why: 'What the guard does not see it does not check, while the app still uses it.',
  details:
    'Refused are a config that was removed, renamed or left out of `guard.projects`, another ' +
    '`out`, and a journal that was removed, each while the migrations stay in the repository; ' +
    'and a project that was removed with its migrations, or one of two configs for one `out`, ' +
    'while its schema stays. The trees before are read with their own guard config. A project ' +
    'that moves as a whole passes, and so does one that goes with its migrations and its ' +
    "schema. If it is meant, an entry under `allow` in the guard's config of the same commit " +
    'says why.',
  fix: 'Take the migrations along, remove what is left of the project, or restore it.',
  examples: {
    refused: 'git rm drizzle.config.ts, while drizzle/ stays; or "guard": { "projects": [] }',
    passes:
      'git mv drizzle db/migrations, with the `out` that says so; or the whole package removed',
  },
  judges: 'engine',
} as const satisfies EngineRule;

/** How a project that a tree before has went out of sight. */
export type Narrowing = {
  /** The project as the tree before has it. */
  readonly project: Project;
  /** A revision that names that tree. */
  readonly rev: string;
  /** What of it is still there: migrations, or schema files; at least one. */
  readonly left: readonly RepoPath[];
} & (
  | {
      /** No project any more. */
      readonly kind: 'project';
      readonly what: 'migrations' | 'schema';
      /** Whether its journal is gone too, or, without one, its migrations. */
      readonly withJournal: boolean;
      /** The guard's config, if its `projects` do not name it; else whether the file is there. */
      readonly because: { readonly leftOutBy: RepoPath } | 'not a config' | 'removed';
    }
  /** Another config has its migrations folder, and reads other schema files. */
  | { readonly kind: 'schema'; readonly by: RepoPath; readonly isThere: boolean }
  /** Its migrations folder is another one. */
  | { readonly kind: 'out'; readonly out: RepoPath }
  | { readonly kind: 'journal'; readonly journal: RepoPath }
);

/** The draft for what went out of sight. */
export function narrowedGuard(narrowing: Narrowing): Draft {
  const { project } = narrowing;
  return {
    entities: [{ kind: 'project', aspect: aspectOf(narrowing) }],
    describe: () => ({
      path: project.config,
      message: `${whatWent(narrowing)}, but ${whatStays(narrowing)}`,
      fix: [...fixesOf(narrowing), orSayWhy(rule.id, { path: project.config })],
    }),
  };
}

function aspectOf(narrowing: Narrowing): string {
  switch (narrowing.kind) {
    case 'project':
      return `gone, ${narrowing.what} left`;
    case 'schema':
      return 'no schema any more, schema left';
    case 'out':
      return `out was ${narrowing.project.out}`;
    case 'journal':
      return 'no journal';
  }
}

function whatWent(narrowing: Narrowing): string {
  const { project } = narrowing;
  switch (narrowing.kind) {
    case 'project':
      if (narrowing.because === 'removed')
        return `${project.config} was removed${narrowing.what === 'schema' ? ' with its migrations' : ''}`;
      return narrowing.because === 'not a config'
        ? `${project.config} is no longer a drizzle config`
        : `\`projects\` in ${narrowing.because.leftOutBy} leaves out ${project.config}`;
    case 'schema':
      return narrowing.isThere
        ? `${project.name} no longer has a schema`
        : `${project.config} was removed`;
    case 'out':
      return `the migrations folder of ${project.config} is now ${narrowing.out}/`;
    case 'journal':
      return `the journal ${narrowing.journal} was removed`;
  }
}

function whatStays(narrowing: Narrowing): string {
  const { project, left } = narrowing;
  const what =
    narrowing.kind === 'schema' || (narrowing.kind === 'project' && narrowing.what === 'schema')
      ? 'schema'
      : 'migrations';
  const there = what === 'schema' ? 'is still there' : 'are still there';
  if (what === 'migrations' && left.every((path) => isInOut(project.out, path)))
    return `its migrations under ${project.out}/ are still there`;
  const shown = left.slice(0, 3);
  const more = left.length - shown.length;
  return `its ${what} ${there} (${more > 0 ? `${shown.join(', ')} and ${more} more` : listed(shown)})`;
}

function fixesOf(narrowing: Narrowing): readonly Fix[] {
  const { project, rev } = narrowing;
  switch (narrowing.kind) {
    case 'out':
      return [
        restore('Restore the config:', [project.config], rev),
        {
          text:
            `Or take the migrations along: git mv ${shellPath(project.out)} ` +
            `${shellPath(narrowing.out)}`,
        },
      ];
    case 'journal':
      return [restore('Restore the journal:', [narrowing.journal], rev)];
    case 'schema':
      return [
        restore('Restore the config:', [project.config], rev),
        {
          text:
            `Or, if ${narrowing.by} alone generates from now on, remove what is left of the ` +
            'other schema in the same commit.',
        },
      ];
    case 'project':
      return [
        typeof narrowing.because === 'object'
          ? { text: `Name ${project.config} under \`projects\` in ${narrowing.because.leftOutBy}.` }
          : restore(
              `Restore the config${narrowing.withJournal ? ' and its migrations' : ''}:`,
              [project.config, ...(narrowing.withJournal ? [project.out] : [])],
              rev,
            ),
        {
          text:
            'Or, if the project is no longer needed, remove the rest of it in the same commit. ' +
            'If its config has another name now, name that in a script (`drizzle-kit generate ' +
            '--config=<path>`).',
        },
      ];
  }
}
