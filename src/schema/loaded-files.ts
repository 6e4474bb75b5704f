import type { RepoPath } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import type { Kit } from './kit/find-kit.ts';

/** The files that drizzle-kit loads: 1.x leaves out what is no code by its name (`prepareFilenames`). */
export function filesFor(
  { layout }: Pick<Kit, 'layout'>,
  { schemaFiles }: Project,
): readonly RepoPath[] {
  return layout === 'folders' ? schemaFiles.filter((path) => CODE.test(path)) : schemaFiles;
}

const CODE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
