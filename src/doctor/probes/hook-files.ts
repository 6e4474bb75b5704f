import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Fix } from '../../model/finding.ts';
import { shellPath } from '../../model/shell-quote.ts';
import { problem, ok, warning, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { HookFile, HookName } from '../../hooks/hook-manager.ts';
import type { InstalledHook } from '../installed-hooks.ts';
import type { SetUp } from '../set-up.ts';

/** What stops git or the shell before a hook's first command. */
export const probe: Probe = {
  id: 'hook-files',
  title: 'hook files',
  needs: 'repository',
  async probe(setUp) {
    const { hooks } = await setUp.hooks();
    const entries = await (await setUp.tree()).entries();
    const scripts = (await setUp.managers()).flatMap((manager) => manager.scripts ?? []);
    const look = async (hook: InstalledHook): Promise<readonly Diagnosis[]> =>
      inspect(
        setUp,
        hook,
        scripts.find(({ name }) => name === hook.name),
        (path) => entries.has(path),
      );
    return (await Promise.all(hooks.map(look))).flat();
  },
};

/** @param script the person's own, which the manager's file runs */
async function inspect(
  setUp: SetUp,
  hook: InstalledHook,
  script: HookFile | undefined,
  isTracked: (path: string) => boolean,
): Promise<readonly Diagnosis[]> {
  const { name, shown, state, text } = hook;
  const init = (await setUp.manifest()).runs('drizzle-guard init');
  if (state === 'absent') return [absent(name, shown, init)];
  if (state === 'unrunnable') return [unrunnable(hook, isTracked(shown))];
  if (script !== undefined && script.text === undefined) return [absent(name, script.path, init)];
  const problems = [
    ...(await interpreterProblems(setUp, hook)),
    ...(text.includes('\r\n') ? [lineEnds(shown)] : []),
    ...(script?.text?.includes('\r\n') === true ? [lineEnds(script.path)] : []),
    ...(await sourcedProblems(setUp, hook)),
  ];
  if (problems.length > 0) return problems;
  const own = script?.path ?? shown;
  const seen = ok(`${name}: ${own}${own === shown ? '' : ` (run by ${shown})`}`);
  if (script === undefined || isTracked(own)) return [seen];
  return [
    seen,
    warning(`${own} is not tracked by git: nobody else has it`, {
      text: 'Add it:',
      run: `git add ${shellPath(own)}`,
    }),
  ];
}

function absent(name: HookName, shown: string, init: string): Diagnosis {
  const fix: Fix = { text: 'Write the hooks:', run: init };
  if (name === 'pre-merge-commit')
    return warning(
      `${shown} does not exist: a merge without conflicts is not checked before the push`,
      fix,
    );
  return problem(
    `${shown} does not exist: ${name === 'pre-push' ? 'pushes are' : 'commits are'} not checked`,
    fix,
  );
}

function unrunnable({ name, shown }: InstalledHook, tracked: boolean): Diagnosis {
  const recorded = tracked
    ? [
        {
          text: 'And in git, for everybody else:',
          run: `git update-index --chmod=+x ${shellPath(shown)}`,
        },
      ]
    : [];
  return problem(
    `${shown} is not executable, so git skips the ${name} hook`,
    { text: 'Make it executable:', run: `chmod +x ${shellPath(shown)}` },
    ...recorded,
  );
}

/**
 * On Linux the carriage return is part of the interpreter's name, and of each command's last word.
 */
function lineEnds(shown: string): Diagnosis {
  const rewrite = `node -e "const fs=require('fs'),f=process.argv[1];fs.writeFileSync(f,fs.readFileSync(f,'utf8').replaceAll('\\r\\n','\\n'))" ${shellPath(shown)}`;
  return problem(
    `${shown} has Windows line endings (CRLF): a shell reads the carriage return as part of each command`,
    { text: 'Rewrite it with LF:', run: rewrite },
    {
      text: 'And keep git from converting it again:',
      run: `echo '${shown} text eol=lf' >> .gitattributes`,
    },
  );
}

/**
 * git for Windows starts no file without an interpreter line; elsewhere git gives such a file to
 * the shell.
 */
async function interpreterProblems(
  setUp: SetUp,
  { shown, text }: InstalledHook,
): Promise<readonly Diagnosis[]> {
  const line = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(text);
  if (line === null) {
    return [
      warning(`${shown} has no #! line: git on Windows cannot start it`, {
        text: 'Add one:',
        run: `printf '%s\\n' '#!/bin/sh' "$(cat ${shellPath(shown)})" > ${shellPath(shown)}`,
      }),
    ];
  }
  const [, interpreter = '', argument = ''] = line;
  const wanted = interpreter.endsWith('/env') ? argument : interpreter;
  // git for Windows looks for the last name alone; env -S and assignments are not read.
  if (wanted.startsWith('-') || wanted.includes('=') || (await isThere(setUp, wanted))) return [];
  return [
    problem(
      `${shown} begins with #!${interpreter}${argument === '' ? '' : ` ${argument}`}, but ${wanted} does not exist here: git cannot run it`,
      { text: `Name an existing program in its first line: #!/bin/sh` },
    ),
  ];
}

async function isThere({ env }: SetUp, program: string): Promise<boolean> {
  const folders = program.includes('/') ? [''] : (env['PATH'] ?? '').split(delimiter);
  const found = await Promise.all(
    folders.map((folder) =>
      access(folder === '' ? program : join(folder, program)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/** A manager's files may source another file of their folder. */
async function sourcedProblems(
  setUp: SetUp,
  { file, shown, text }: InstalledHook,
): Promise<readonly Diagnosis[]> {
  const named = /^\s*\. "\$\(dirname (?:-- )?"\$0"\)\/([^"]+)"/m.exec(text)?.[1];
  if (named === undefined) return [];
  const there = await readFile(join(file, '..', named), 'utf8').then(
    () => true,
    () => false,
  );
  return there
    ? []
    : [
        problem(
          `${shown} sources ${named}, which does not exist: each commit would fail, or not be checked`,
          ...(await setUp.managers()).flatMap(({ reinstall }) => reinstall ?? []),
        ),
      ];
}
