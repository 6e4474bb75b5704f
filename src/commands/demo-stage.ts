import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CliContext } from '../cli-context.ts';
import type { Git } from '../git/git.ts';
import { GuardError } from '../model/errors.ts';
import { coloursFor } from '../report/colours.ts';
import { runGenerate } from '../schema/kit/kit-cli.ts';
import { rebaseCommand } from './rebase.ts';

/** The demo's repository, and its voice. */
export class Stage {
  readonly colours;
  asAnnounced = true;
  readonly #context: CliContext;
  readonly #dir: string;
  readonly #git: Git;

  constructor(context: CliContext, dir: string, git: Git) {
    this.#context = context;
    this.#dir = dir;
    this.#git = git;
    this.colours = coloursFor(context.stdout, context.env);
  }

  headline(title: string): void {
    this.#context.stdout.write(`\n${this.colours.bold(`━━ ${title}`)}\n\n`);
  }

  async quietly(...args: readonly string[]): Promise<void> {
    await this.#git.run(args);
  }

  /** Runs git, prints what it says, and notes whether it ended as announced. */
  async git(announced: 0 | 1, ...args: readonly string[]): Promise<void> {
    this.#prompt(
      `git ${args.map((arg) => (/^[\w./=-]+$/.test(arg) ? arg : `'${arg}'`)).join(' ')}`,
    );
    const { stdout, stderr, exitCode } = await this.#git.run(args, { ok: [0, 1] });
    this.#context.stdout.write(stderr + stdout.toString('utf8'));
    if (exitCode !== announced) this.asAnnounced = false;
  }

  /** Runs `guard rebase`, and notes whether it was done. */
  async rebase(): Promise<void> {
    this.#prompt('npx drizzle-guard rebase');
    const exitCode = await rebaseCommand({ ...this.#context, cwd: this.#dir }, { format: 'text' });
    if (exitCode !== 0) this.asAnnounced = false;
  }

  /** Runs drizzle-kit. @returns the SQL file that it wrote */
  async generate(name: string): Promise<string> {
    this.#prompt(`npx drizzle-kit generate --name ${name}`);
    const { printed } = await runGenerate(this.#dir, name);
    this.#context.stdout.write(printed);
    const written = (await readdir(join(this.#dir, 'drizzle'))).find(
      (file) => file.endsWith(`_${name}.sql`) || file.endsWith(`_${name}`),
    );
    if (written === undefined)
      throw new GuardError('kit-failed', 'drizzle-kit wrote no migration for the demo', {
        help: printed.split('\n'),
      });
    return written.endsWith('.sql') ? `drizzle/${written}` : `drizzle/${written}/migration.sql`;
  }

  /** Makes the first migration again, with this drizzle-kit. */
  async startAgain(name: string): Promise<string> {
    await rm(join(this.#dir, 'drizzle'), { recursive: true });
    return this.generate(name);
  }

  async show(path: string): Promise<void> {
    this.#prompt(`cat ${path}`);
    this.#context.stdout.write(`${(await readFile(join(this.#dir, path), 'utf8')).trimEnd()}\n`);
  }

  async write(path: string, text: string, mode = 0o644): Promise<void> {
    await mkdir(join(this.#dir, path, '..'), { recursive: true });
    await writeFile(join(this.#dir, path), text, { mode });
  }

  async edit(path: string, from: string, to: string): Promise<void> {
    const text = await readFile(join(this.#dir, path), 'utf8');
    if (!text.includes(from)) throw new GuardError('internal', `the demo's ${path} has no ${from}`);
    await writeFile(join(this.#dir, path), text.replace(from, to));
  }

  #prompt(command: string): void {
    this.#context.stdout.write(`${this.colours.dim('$')} ${this.colours.bold(command)}\n`);
  }
}
