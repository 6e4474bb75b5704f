// What a person feels: `git commit` of a file of no concern, with the hook as `guard init` writes it,
// without any, and with other tools that have nothing to do.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const COMMITS = ['none', 'guard', 'husky', 'husky and guard', 'lint-staged', 'lefthook'];

/**
 * The hooks of each kind in a repository of `bigRepository`, by name: `commit` answers how long one
 * commit took, in milliseconds. Tools that are not in node_modules are left out.
 */
export function commitsOf({ dir, git, write }, cli, env) {
  installed(dir, cli);
  execFileSync(process.execPath, [cli, 'init', '--yes', '--manager', 'git'], {
    cwd: dir,
    env,
    stdio: 'pipe',
  });
  git('add', '--all');
  git('commit', '--quiet', '--no-verify', '--message', 'Set up');
  const bin = 'node_modules/.bin';
  const line = readFileSync(join(dir, '.git/hooks/pre-commit'), 'utf8').split('\n').at(-2);
  const texts = {
    husky: ':',
    'husky and guard': line,
    'lint-staged': `${bin}/lint-staged --quiet --config .git/bench/nothing.json`,
    lefthook: `${bin}/lefthook run pre-commit`,
  };
  write('.git/bench/nothing.json', '{ "*.nothing": "true" }\n');
  write('.git/bench/none/README', '');
  write('.git/info/exclude', 'lefthook.yml\n');
  write(
    'lefthook.yml',
    'pre-commit:\n  commands:\n    nothing:\n      glob: "*.nothing"\n      run: "true"\n',
  );
  const folders = { none: '.git/bench/none', guard: '.git/hooks' };
  for (const [name, text] of Object.entries(texts)) {
    if (!existsSync(join(dir, bin, name.split(' ')[0]))) continue;
    const folder = `.git/bench/${name.replaceAll(' ', '-')}`;
    write(`${folder}/pre-commit`, `${text}\n`);
    execFileSync(process.execPath, [join(modules, 'husky/bin.js'), folder], {
      cwd: dir,
      env,
      stdio: 'pipe',
    });
    folders[name] = `${folder}/_`;
  }
  let value = 0;
  return COMMITS.filter((name) => folders[name] !== undefined).map((name) => ({
    name,
    commit() {
      value += 1;
      write('src/area2/part2/file2.ts', `export const value2 = ${value};\n`);
      git('add', 'src/area2');
      git('config', 'core.hooksPath', folders[name]);
      const started = process.hrtime.bigint();
      const { status, stderr } = spawnSync(
        'git',
        ['commit', '--quiet', '--message', `Value ${value}`],
        { cwd: dir, env, encoding: 'utf8' },
      );
      const took = Number(process.hrtime.bigint() - started) / 1e6;
      if (status !== 0) throw new Error(`git commit with ${name} ended with ${status}\n${stderr}`);
      return took;
    },
  }));
}

/** node_modules as the repository's own folder, with the guard in it as npm would put it there. */
function installed(dir, cli) {
  const own = join(dir, 'node_modules');
  rmSync(own);
  mkdirSync(join(own, '.bin'), { recursive: true });
  for (const folder of ['.', '.bin'])
    for (const name of readdirSync(join(modules, folder)))
      if (!name.startsWith('.') && !name.endsWith('guard'))
        symlinkSync(join(modules, folder, name), join(own, folder, name));
  mkdirSync(join(own, 'drizzle-guard'));
  symlinkSync(dirname(cli), join(own, 'drizzle-guard/dist'));
  symlinkSync('../drizzle-guard/dist/cli.js', join(own, '.bin/drizzle-guard'));
}
