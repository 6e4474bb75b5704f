import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { isRecord } from '../model/unknown.ts';

/** What squawk-cli says of a statement. */
export interface SquawkFinding {
  /** Its own name for it: "ban-drop-not-null". */
  readonly rule: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
  readonly help?: string;
}

/** `missing`: it is not installed for the project; `failed`: it ran, and said nothing that can be read. */
export type Squawked = readonly SquawkFinding[] | 'missing' | 'failed';

/** Migrations run in a transaction: without this it asks for CONCURRENTLY. */
const ARGUMENTS = ['--reporter', 'json', '--assume-in-transaction'];
const TIME_LIMIT = 20_000;

/**
 * Has the project's own squawk-cli (2.x) read a migration of PostgreSQL. Its configuration
 * (.squawk.toml) and its comments in the SQL count.
 * @param folder absolute: where drizzle-kit is run from
 */
export async function runSquawk(folder: string, sql: string): Promise<Squawked> {
  const binary = binaryFor(folder);
  if (binary === undefined) return 'missing';
  // The package's own command starts Node to start this one.
  const child = spawn(binary, ARGUMENTS, {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: TIME_LIMIT,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  // It may end before it has read everything.
  child.stdin.on('error', () => undefined);
  child.stdin.end(sql);
  const ran = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0 || code === 1));
  });
  return (ran ? parsed(Buffer.concat(chunks).toString('utf8')) : undefined) ?? 'failed';
}

function binaryFor(folder: string): string | undefined {
  try {
    const own = createRequire(join(folder, 'x.js')).resolve('squawk-cli/package.json');
    const name = platform() === 'win32' ? 'squawk.exe' : 'squawk';
    return createRequire(own).resolve(`@squawk-cli/${platform()}-${arch()}/bin/${name}`);
  } catch {
    return undefined;
  }
}

function parsed(printed: string): readonly SquawkFinding[] | undefined {
  try {
    const list: unknown = JSON.parse(printed);
    return Array.isArray(list) ? list.flatMap(findingOf) : undefined;
  } catch {
    return undefined;
  }
}

function findingOf(one: unknown): readonly SquawkFinding[] {
  if (!isRecord(one)) return [];
  const { rule_name: rule, line, message, help } = one;
  if (typeof rule !== 'string' || typeof line !== 'number' || typeof message !== 'string')
    return [];
  // Its lines begin with 0.
  return [{ rule, line: line + 1, message, ...(typeof help === 'string' ? { help } : {}) }];
}
