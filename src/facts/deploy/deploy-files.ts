import type { RepoPath } from '../../model/repo-path.ts';
import { jsonRecord, isRecord } from '../../model/unknown.ts';

/** A command of a file that runs where the application is built, tested or started. */
export interface DeployCommand {
  readonly path: RepoPath;
  /** 1-based. */
  readonly line: number;
  /** The line, without the white space around it; of a package.json the script, however it is laid out. */
  readonly text: string;
}

/** Scripts of package.json that a platform runs, or that people deploy with. */
const SCRIPT =
  /^(?:pre|post)?(?:start|build|deploy|release|prod|production|heroku-postbuild|vercel-build|render-build|railway)(?:[:_-](?:prod|production|release|server|web|app|api|all))*$|[:_-](?:deploy|prod|production|release)$/;

/** Scripts of package.json that run `drizzle-kit push`, by name: for a file that calls one of them. */
export function pushScripts(packageJson: string): readonly string[] {
  return Object.entries(scriptsOf(packageJson)).flatMap(([name, command]) =>
    PUSH.test(command) ? [name] : [],
  );
}

/**
 * The lines of a file of a deploy that run `drizzle-kit push`, or a script that does. In a
 * package.json only those of scripts that deploy. A comment is none.
 * @param scripts names of scripts that push
 */
export function pushLines(
  path: RepoPath,
  text: string,
  scripts: readonly string[],
): readonly DeployCommand[] {
  const lines = text.split('\n');
  if (isPackage(path))
    return Object.entries(scriptsOf(text)).flatMap(([name, command]) => {
      if (!SCRIPT.test(name) || !runsPush(command, scripts)) return [];
      const key = JSON.stringify(name);
      const at = lines.findIndex((line) => line.replaceAll(/\s+:/g, ':').includes(`${key}:`));
      return [{ path, line: Math.max(at, 0) + 1, text: entryOf(name, command) }];
    });
  return lines.flatMap((line, index) =>
    !/^\s*(?:#|\/\/|--)/.test(line) && runsPush(line, scripts)
      ? [{ path, line: index + 1, text: line.trim() }]
      : [],
  );
}

/** All that a file has of what `DeployCommand.text` can be. */
export function textsIn(path: RepoPath, text: string): ReadonlySet<string> {
  return new Set(
    isPackage(path)
      ? Object.entries(scriptsOf(text)).map(([name, command]) => entryOf(name, command))
      : text.split('\n').map((line) => line.trim()),
  );
}

function isPackage(path: RepoPath): boolean {
  return /(?:^|\/)package\.json$/.test(path);
}

function entryOf(name: string, command: string): string {
  return `${JSON.stringify(name)}: ${JSON.stringify(command)}`;
}

const PUSH = /\bdrizzle-kit(?:@[\w.-]+)?["',\]\s]+push\b/;

function runsPush(line: string, scripts: readonly string[]): boolean {
  if (PUSH.test(line)) return true;
  return scripts.some((name) => {
    const own = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    return new RegExp(
      `(?:^|[\\s"'&;|])(?:npm|pnpm|yarn|bun|turbo|nr)\\b[^&;|]*?["',\\s]${own}(?:["',\\]\\s&;|]|$)`,
    ).test(line);
  });
}

function scriptsOf(packageJson: string): Readonly<Record<string, string>> {
  const scripts = jsonRecord(packageJson)?.['scripts'];
  return Object.fromEntries(
    Object.entries(isRecord(scripts) ? scripts : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}
