import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitVariables } from '../environment.ts';
import type { Repository } from '../repository.ts';
import { keptAnswers } from './kept-answers.ts';

const remotes = new WeakMap<Repository, Promise<boolean>>();

/**
 * Once a repository. Where its own configuration names one, that says it; otherwise git, which
 * knows of all files that may. That none does is remembered by what these say.
 */
export function hasRemote(repository: Repository): Promise<boolean> {
  const known = remotes.get(repository) ?? askForRemotes(repository);
  remotes.set(repository, known);
  return known;
}

const NONE = 'none';

async function askForRemotes(repository: Repository): Promise<boolean> {
  const { git, commonDir } = repository;
  const own = textOf(join(commonDir, 'config'));
  if (/^\s*\[remote "[^"\\]+"\]\s*\n\s*url *= *\S/m.test(own)) return true;
  const texts = [own, ...otherConfiguration(repository)];
  // What is included can be anywhere.
  const kept = texts.some((text) => /\binclude/i.test(text)) ? undefined : keptAnswers(repository);
  const question = `remotes of ${JSON.stringify(texts)}`;
  if (kept?.get(question) === NONE) return false;
  const found = (await git.run(['remote'])).stdout.length > 0;
  if (!found) kept?.set(question, NONE);
  return found;
}

/**
 * What else git reads (`git help config`, FILES), by the caller's variables. A file for all users at
 * another place than /etc/gitconfig is not among these; where one comes to name a remote, the guard goes
 * on as without it, which is stricter, until the cache is deleted.
 */
function otherConfiguration({ git, gitDir }: Repository): readonly string[] {
  const { HOME = '', XDG_CONFIG_HOME = join(HOME, '.config') } = git.env;
  const { GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM = '/etc/gitconfig' } = git.env;
  const files = [
    join(gitDir, 'config.worktree'),
    ...(GIT_CONFIG_GLOBAL === undefined
      ? [join(XDG_CONFIG_HOME, 'git/config'), join(HOME, '.gitconfig')]
      : [GIT_CONFIG_GLOBAL]),
    GIT_CONFIG_SYSTEM,
  ];
  const variables = gitVariables(git.env).filter((name) => /config/i.test(name));
  return [...files.map(textOf), ...variables.map((name) => `${name}=${git.env[name] ?? ''}`)];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
