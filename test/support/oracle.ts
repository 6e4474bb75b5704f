import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunKit } from '../corpus/kit-run.ts';
import { drizzleKit, linkModules, scratch, writeFiles, type Files } from './drizzle-project.ts';

export interface Truth {
  /**
   * What drizzle-kit itself makes of the files: nothing to generate, something, or it could not
   * say.
   */
  readonly verdict: 'clean' | 'drift' | 'error';
  /** The SQL that it wrote. */
  readonly sql?: string;
  /** The snapshot that it wrote. */
  readonly snapshot?: Record<string, unknown>;
  readonly output: string;
}

/**
 * The truth about a project: the real `drizzle-kit generate` on a copy of it, judged by what it
 * wrote and printed and never by its exit code. `source`: a folder (a clean checkout; node_modules
 * and .git are left out), or files.
 */
export async function oracle(
  source: string | Files,
  options: {
    readonly config?: string;
    readonly cwd?: string;
    readonly out?: string;
    /** A resident drizzle-kit; by default its own program is started. */
    readonly run?: RunKit;
  } = {},
): Promise<Truth> {
  const dir = await scratch('drizzle-guard-oracle-');
  try {
    if (typeof source === 'string')
      await cp(source, dir, {
        recursive: true,
        filter: (path) => !/[\\/](?:node_modules|\.git)$/.test(path),
      });
    else await writeFiles(dir, source);
    await linkModules(dir);
    const cwd = join(dir, options.cwd ?? '');
    const out = join(cwd, options.out ?? 'drizzle');
    const before = new Set(await listed(out));
    const args = [
      'generate',
      '--name=oracle',
      ...(options.config === undefined ? [] : [`--config=${options.config}`]),
    ];
    const output = await (options.run ?? started)(cwd, args);
    const written = (await listed(out)).filter((path) => !before.has(path));
    const sql = written.find((path) => path.endsWith('.sql'));
    const snapshot = written.find((path) => path.endsWith('_snapshot.json'));
    if (sql !== undefined) {
      // A snapshot that lay there without its journal entry is overwritten: then there is SQL, and
      // no new snapshot.
      const drawn =
        snapshot === undefined
          ? {}
          : { snapshot: JSON.parse(await readFile(snapshot, 'utf8')) as Record<string, unknown> };
      return { verdict: 'drift', sql: await readFile(sql, 'utf8'), ...drawn, output };
    }
    return { verdict: output.includes('No schema changes') ? 'clean' : 'error', output };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const started: RunKit = async (cwd, args) => {
  const { stdout, stderr } = await drizzleKit(cwd, args);
  return `${stdout}\n${stderr}`;
};

async function listed(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  return (await readdir(folder, { recursive: true })).map((name) => join(folder, name));
}
