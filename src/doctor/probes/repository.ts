import { GuardError } from '../../model/errors.ts';
import { problem, ok, type Probe } from '../diagnosis.ts';
import { shellWord } from '../../model/shell-quote.ts';

export const probe: Probe = {
  id: 'repository',
  title: 'repository',
  async probe(setUp) {
    try {
      const { topLevel, gitDir, commonDir, head } = await setUp.repository();
      const linked = gitDir === commonDir ? '' : ', a linked worktree';
      return [ok(`${topLevel}${linked}${head === undefined ? ', without a commit yet' : ''}`)];
    } catch (error) {
      if (!(error instanceof GuardError)) throw error;
      return [
        problem(
          error.message,
          ...error.help.map((text) => ({ text })),
          ...fixesFor(error, setUp.cwd),
        ),
      ];
    }
  },
};

function fixesFor(
  { code, help }: GuardError,
  cwd: string,
): readonly { readonly text: string; readonly run: string }[] {
  // git's own word for a repository of another user; the exit code is the same as for none (git
  // 2.35.2 on).
  if (help.some((line) => line.includes('dubious ownership'))) {
    return [
      {
        text: 'If you trust this repository:',
        run: `git config --global --add safe.directory ${shellWord(cwd)}`,
      },
    ];
  }
  return code === 'not-a-repository' ? [{ text: 'To make this folder one:', run: 'git init' }] : [];
}
