import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { ByteReader } from './byte-reader.ts';
import type { Git } from './git.ts';

/** What git says of a name; without an oid there is no such object. */
interface GitObject {
  readonly oid?: string;
  /** `blob`, `tree`, `commit` or `tag`. */
  readonly type?: string;
  /** Only of `read`. Do not write to them. */
  readonly bytes?: Uint8Array;
  /** What git printed when it ended at this name: an object that a partial clone lacks. */
  readonly died?: string;
}

interface Question {
  /** An oid, or another name of an object: `<commit>:<path>`. Has no line break. */
  readonly name: string;
  readonly wanted: 'info' | 'contents';
  readonly answer: (object: GitObject) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * How long a process is kept that nobody asks, in milliseconds: longer than a schema takes to be
 * evaluated on a slow machine, where to start git again costs most.
 */
const IDLE = 3000;

/**
 * Reads objects through one `git cat-file`, which is started for the first question and stays open
 * for the next ones. A process that is only waiting for questions does not keep node alive.
 */
export class Objects {
  readonly #git: Git;
  #open: Promise<CatFile> | undefined;
  /** git before 2.36 has no `--batch-command`: there each answer comes with the content. */
  #commands = true;

  constructor(git: Git) {
    this.#git = git;
  }

  /**
   * @param name an oid, or another name of an object, without a line break
   * @throws GuardError `git-missing`, `git-failed`
   */
  read(name: string): Promise<GitObject> {
    return new Promise((answer, fail) => {
      void this.#ask({ name, wanted: 'contents', answer, fail });
    });
  }

  /** As `read`, without the bytes. */
  look(name: string): Promise<GitObject> {
    return new Promise((answer, fail) => {
      void this.#ask({ name, wanted: 'info', answer, fail });
    });
  }

  async #ask(question: Question): Promise<void> {
    for (;;) {
      const open = await (this.#open ??= this.#start());
      if (open.ask(question)) return;
    }
  }

  async #start(): Promise<CatFile> {
    const args = ['cat-file', this.#commands ? '--batch-command' : '--batch'];
    const child = await this.#git.open(args);
    const open = new CatFile(child, this.#commands, () => (this.#open = undefined));
    void this.#whenEnded(open, args);
    return open;
  }

  /** What a process leaves without an answer is asked again, but for what it ended at. */
  async #whenEnded(open: CatFile, args: readonly string[]): Promise<void> {
    const { code, stderr } = await open.ended.catch((error: unknown) => ({
      code: error,
      stderr: '',
    }));
    const left = open.takeLeft();
    if (left.length === 0) return;
    if (code === USAGE && this.#commands) this.#commands = false;
    else if (code === FATAL) left.shift()?.answer({ died: stderr });
    else for (const { fail } of left.splice(0)) fail(this.#git.failure(args, code, stderr));
    for (const question of left) void this.#ask(question);
  }
}

/** git's exit code for an option that it does not know, and for what it cannot go on with. */
const USAGE = 129;
const FATAL = 128;

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** One process. It answers in the order of the questions. */
class CatFile {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #commands: boolean;
  readonly #closes: () => void;
  readonly #asked: Question[] = [];
  #closed = false;
  #idle: NodeJS.Timeout | undefined;

  /** @param closes is called once, when it takes no more questions */
  constructor(child: ChildProcessWithoutNullStreams, commands: boolean, closes: () => void) {
    this.#child = child;
    this.#commands = commands;
    this.#closes = closes;
    // It may end before it has read all questions.
    child.stdin.on('error', () => {});
    this.ended = this.#run();
  }

  /** @returns whether it takes the question. */
  ask(question: Question): boolean {
    if (this.#closed) return false;
    clearTimeout(this.#idle);
    if (this.#asked.push(question) === 1) this.#keepNode(true);
    const { name, wanted } = question;
    const { stdin } = this.#child;
    // What is asked in one turn is one write: five hundred snapshots are.
    if (stdin.writableCorked === 0) {
      stdin.cork();
      queueMicrotask(() => stdin.uncork());
    }
    stdin.write(this.#commands ? `${wanted} ${name}\n` : `${name}\n`);
    return true;
  }

  /** The questions without an answer, in order. */
  takeLeft(): Question[] {
    return this.#asked.splice(0);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closes();
    this.#child.stdin.end();
  }

  async #run(): Promise<Ended> {
    const stderr: Buffer[] = [];
    this.#child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    const ended = once(this.#child, 'close') as Promise<[number | null]>;
    try {
      const [[code]] = await Promise.all([ended, this.#answer().finally(() => this.#close())]);
      return { code, stderr: Buffer.concat(stderr).toString('utf8') };
    } finally {
      this.#close();
    }
  }

  /** `<oid> <type> <size>\n`, and with the content its bytes and `\n`; `<name> missing\n`. */
  async #answer(): Promise<void> {
    const reader = new ByteReader(this.#child.stdout);
    for (;;) {
      const line = await reader.line();
      const [question] = this.#asked;
      if (line === undefined || question === undefined) return;
      const [, oid, type, size] = /^([0-9a-f]+) ([a-z]+) (\d+)$/.exec(line) ?? [];
      if (oid === undefined || type === undefined) this.#answered(question, {});
      else if (this.#commands && question.wanted === 'info')
        this.#answered(question, { oid, type });
      else {
        const bytes = await reader.bytes(Number(size) + 1);
        if (bytes === undefined) return;
        this.#answered(question, { oid, type, bytes: bytes.subarray(0, -1) });
      }
    }
  }

  #answered({ answer }: Question, object: GitObject): void {
    this.#asked.shift();
    answer(object);
    if (this.#asked.length > 0) return;
    this.#keepNode(false);
    this.#idle = setTimeout(() => this.#close(), IDLE).unref();
  }

  /** The pipes of a child are sockets, which node's types do not say. */
  #keepNode(alive: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const part of [this.#child, stdin, stdout, stderr] as unknown as NodeJS.Timeout[])
      if (alive) part.ref();
      else part.unref();
  }
}
