import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Fix } from '../../model/finding.ts';
import { shellPath } from '../../model/shell-quote.ts';
import { fault, ok, warning, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { InstalledHook } from '../installed-hooks.ts';
import type { SetUp } from '../set-up.ts';

/** What git, or the shell, would stumble over before a hook's first command. */
export const probe: Probe = {
  id: 'hook-files',
  title: 'hook files',
  needs: 'repository',
  async probe(setUp) {
    const { hooks } = await setUp.hooks();
    const entries = await (await setUp.tree()).entries();
    return (
      await Promise.all(hooks.map((hook) => look(setUp, hook, (path) => entries.has(path))))
    ).flat();
  },
};

async function look(
  setUp: SetUp,
  hook: InstalledHook,
  isTracked: (path: string) => boolean,
): Promise<readonly Diagnosis[]> {
  const { name, shown, state, text, script } = hook;
  if (state === 'absent') return [absent(hook, (await setUp.manifest()).runs('guard init'))];
  if (state === 'unrunnable') return [unrunnable(hook, isTracked(shown))];
  if (script !== undefined && script.text === undefined)
    return [absent({ ...hook, shown: script.shown }, (await setUp.manifest()).runs('guard init'))];
  const faults = [
    ...(await interpreterFaults(setUp, hook)),
    ...(text.includes('\r\n') ? [lineEnds(shown)] : []),
    ...(script?.text?.includes('\r\n') === true ? [lineEnds(script.shown)] : []),
    ...(await sourcedFaults(setUp, hook)),
  ];
  if (faults.length > 0) return faults;
  const own = script?.shown ?? shown;
  const seen = ok(`${name}: ${own}${own === shown ? '' : ` (by way of ${shown})`}`);
  if (script === undefined || isTracked(own)) return [seen];
  return [
    seen,
    warning(`${own} is not recorded: nobody else has it`, {
      text: 'Record it:',
      run: `git add ${shellPath(own)}`,
    }),
  ];
}

function absent({ name, shown }: InstalledHook, init: string): Diagnosis {
  const cure: Fix = { text: 'Write the hooks:', run: init };
  if (name === 'pre-merge-commit')
    return warning(
      `there is no ${shown}: a merge without conflicts is looked at by nobody before the push`,
      cure,
    );
  return fault(
    `there is no ${shown}: ${name === 'pre-push' ? 'a push' : 'a commit'} is looked at by nobody`,
    cure,
  );
}

function unrunnable({ name, shown }: InstalledHook, tracked: boolean): Diagnosis {
  const recorded = tracked
    ? [
        {
          text: 'And record it, so that others get it so:',
          run: `git update-index --chmod=+x ${shellPath(shown)}`,
        },
      ]
    : [];
  return fault(
    `${shown} has no run bit: git passes the ${name} hook over`,
    { text: 'Make it executable:', run: `chmod +x ${shellPath(shown)}` },
    ...recorded,
  );
}

/** On Linux the carriage return is part of the interpreter's name, and of each command's last word. */
function lineEnds(shown: string): Diagnosis {
  const rewrite = `node -e "const fs=require('fs'),f=process.argv[1];fs.writeFileSync(f,fs.readFileSync(f,'utf8').replaceAll('\\r\\n','\\n'))" ${shellPath(shown)}`;
  return fault(
    `${shown} has Windows line ends (CRLF): a shell takes the carriage return for a part of each command`,
    { text: 'Write it with line feeds:', run: rewrite },
    {
      text: 'And keep git from changing it back:',
      run: `echo '${shown} text eol=lf' >> .gitattributes`,
    },
  );
}

/** git for Windows starts no file without an interpreter line; elsewhere git gives such a file to the shell. */
async function interpreterFaults(
  setUp: SetUp,
  { shown, text }: InstalledHook,
): Promise<readonly Diagnosis[]> {
  const line = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(text);
  if (line === null) {
    return [
      warning(`${shown} has no #! line: git on Windows cannot start it`, {
        text: 'Let it begin with:',
        run: `printf '%s\\n' '#!/bin/sh' "$(cat ${shellPath(shown)})" > ${shellPath(shown)}`,
      }),
    ];
  }
  const [, interpreter = '', argument = ''] = line;
  const wanted = interpreter.endsWith('/env') ? argument : interpreter;
  // git for Windows looks for the last name alone; env -S and assignments are beyond us.
  if (wanted.startsWith('-') || wanted.includes('=') || (await isThere(setUp, wanted))) return [];
  return [
    fault(
      `${shown} begins with #!${interpreter}${argument === '' ? '' : ` ${argument}`}, and there is no ${wanted} here: git cannot start it`,
      { text: `Name a program that is there in its first line: #!/bin/sh` },
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

/** husky 8's scripts, and husky 9's own files, are nothing without the file beside them that they read in. */
async function sourcedFaults(
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
        fault(
          `${shown} reads ${named} in, which is not there: each commit would end with an error, or unseen`,
          { text: 'Let husky make its files again:', run: (await setUp.manifest()).runs('husky') },
        ),
      ];
}
