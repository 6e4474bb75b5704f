import { spawn } from 'node:child_process';
import type { Environment } from '../git/environment.ts';
import type { Dialect } from '../model/dialect.ts';
import { GuardError } from '../model/errors.ts';
import { childArguments } from './child-source.ts';
import { findDrivers, placeOf, type Found } from './place.ts';
import type { Answer, Answered, Question } from './protocol.ts';
import { redacted } from './redact.ts';

export interface TableRequest {
  /** A URL, or the path of a file or folder. */
  readonly url: string;
  readonly dialect: Dialect;
  /** Absolute: paths are relative to it. */
  readonly cwd: string;
  /** Absolute folders in which drivers are looked for. */
  readonly folders: readonly string[];
  readonly env: Environment;
  readonly select: string;
  /** Asked where the table is not there: the names of tables that look like it. */
  readonly elsewhere?: string;
  /** Milliseconds. */
  readonly timeLimit?: number;
}

/** How long a database may take to answer, its connection included. */
const TIME_LIMIT = 20_000;

/**
 * Reads a table by the project's own driver, in a process that is ended afterwards. Only reads: one
 * SELECT, and a second one where the table is not there. Files that do not exist are not created.
 * @returns undefined where there is no such table
 * @throws GuardError `usage`, `driver-missing`, `database-failed`: none with the password.
 */
export async function readTable(request: TableRequest): Promise<Answered | undefined> {
  const { dialect, cwd, folders, env, select, elsewhere, timeLimit = TIME_LIMIT } = request;
  const { url, drivers } = placeOf(request.url, dialect, cwd);
  const [found, ...others] = findDrivers(drivers, folders);
  if (found === undefined)
    throw new GuardError('driver-missing', `none of ${drivers.join(', ')} is installed here`, {
      help: [`npm install --save-dev ${drivers.find((one) => !one.startsWith('node:')) ?? ''}`],
    });
  const question = { url, select, timeLimit, ...(elsewhere === undefined ? {} : { elsewhere }) };
  const { driver, answer } = await firstThatLoads([found, ...others], question, env);
  if (answer.status === 'rows') return answer;
  if (answer.status === 'failed')
    throw new GuardError(
      'database-failed',
      `${driver} could not read the table: ${redacted(answer.message, request.url)}`,
      { help: [`It was asked: ${select}`] },
    );
  if (answer.elsewhere.length > 0)
    throw new GuardError(
      'database-failed',
      `the table is not where the config says; this looks like it: ${answer.elsewhere.join(', ')}`,
      {
        help: [
          `It was asked: ${select}`,
          "Set `migrations: { table: '...', schema: '...' }` in the drizzle config to what the migrator uses.",
        ],
      },
    );
  return undefined;
}

interface Asked {
  readonly driver: Found['driver'];
  readonly answer: Answer;
}

/** The answer of the first driver that loads; of the first one, where none does. */
async function firstThatLoads(
  [found, ...others]: readonly [Found, ...Found[]],
  question: Omit<Question, keyof Found>,
  env: Environment,
): Promise<Asked> {
  const answer = await ask({ ...found, ...question }, env);
  const asked = { driver: found.driver, answer };
  const [next, ...more] = others;
  if (next === undefined || answer.status !== 'failed' || answer.loads !== false) return asked;
  const other = await firstThatLoads([next, ...more], question, env);
  return other.answer.status === 'failed' && other.answer.loads === false ? asked : other;
}

async function ask(question: Question, env: Environment): Promise<Answer> {
  const args = await childArguments();
  const { GUARD_STATUS_URL: _, ...own } = env;
  const child = spawn(process.execPath, ['--no-warnings', ...args], {
    env: own,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    windowsHide: true,
  });
  return new Promise<Answer>((done) => {
    const fail = (message: string): void => done({ status: 'failed', message });
    const timer = setTimeout(() => {
      fail(`no answer within ${question.timeLimit / 1000} seconds`);
    }, question.timeLimit);
    child.once('message', (answer) => done(answer as Answer));
    child.once('error', (error) => fail(error.message));
    // Behind its last message.
    child.once('close', (code) => {
      clearTimeout(timer);
      fail(`its process ended early (${code ?? 'killed'})`);
    });
    child.send(question, (error) => {
      if (error !== null) fail(error.message);
    });
  }).finally(() => child.kill('SIGKILL'));
}
