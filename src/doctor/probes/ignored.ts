import { hasFolders } from '../../history/folder-layout.ts';
import { whatIsWritten } from '../../history/layout.ts';
import { ignoredPaths } from '../../git/worktree/ignored.ts';
import type { Project } from '../../project/project.ts';
import { folderOf, relativeTo } from '../../model/repo-path.ts';
import { rule as migrationsIgnored } from '../../rules/migrations-ignored.ts';
import { problem, ok, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { SetUp } from '../set-up.ts';
import { pathspec, shellWord } from '../../model/shell-quote.ts';

export const probe: Probe = {
  id: migrationsIgnored.id,
  title: 'migrations',
  needs: 'project',
  async probe(setUp) {
    const { projects } = await setUp.discovered();
    return Promise.all(projects.map((project) => look(setUp, project)));
  },
};

async function look(setUp: SetUp, { out }: Project): Promise<Diagnosis> {
  const repository = await setUp.repository();
  const layout = (await hasFolders(await setUp.tree(), out)) ? 'folders' : 'journal';
  const [path] = await ignoredPaths(repository, whatIsWritten(out, layout));
  if (path === undefined) return ok(`${out} is not ignored by git`);
  // With -z: source, line number, pattern and path, each ended by a NUL.
  const { stdout } = await repository.git.run(
    ['check-ignore', '--no-index', '--verbose', '-z', '--stdin'],
    { input: `./${path}\0`, ok: [0, 1] },
  );
  const [source = '', line = '', pattern = ''] = stdout.toString('utf8').split('\0');
  // The nearest .gitignore decides, and all of them go before info/exclude and a person's own file.
  const file = source.endsWith('.gitignore') && !source.startsWith('/') ? source : '.gitignore';
  const below = relativeTo(folderOf(file), out);
  return problem(
    `git ignores ${path}: ${source}:${line}: ${pattern}`,
    {
      text: 'Remove that line, or include the folder again:',
      run: `printf '%s\\n' ${shellWord(`!/${below}/`)} ${shellWord(`!/${below}/**`)} >> ${shellWord(file)}`,
    },
    { text: 'And add the files:', run: `git add ${pathspec(out)}` },
  );
}
