// The process that asks a database, and nothing else: a driver that hangs ends with it, and what it
// prints goes nowhere.
import type { Answer, Question } from '../protocol.ts';
import { connections } from './connections.ts';

process.once('message', (question: Question) => {
  void answer(question).then((said) => process.send?.(said, () => process.disconnect()));
});
// What a driver throws between two turns must not end the process before it answers.
process.on('uncaughtException', (error) => {
  process.send?.(failed(error), () => process.disconnect());
});

async function answer(question: Question): Promise<Answer> {
  try {
    const connection = await connections[question.driver](question);
    try {
      return { status: 'rows', ...(await connection.select(question.select)) };
    } catch (error) {
      if (!isNoTable(error)) throw error;
      const elsewhere =
        question.elsewhere === undefined ? [] : await tablesLike(connection, question.elsewhere);
      return { status: 'no-table', elsewhere };
    } finally {
      await Promise.resolve(connection.close()).catch(() => undefined);
    }
  } catch (error) {
    return failed(error);
  }
}

async function tablesLike(
  connection: Awaited<ReturnType<(typeof connections)['pg']>>,
  sql: string,
): Promise<readonly string[]> {
  const { rows } = await connection.select(sql);
  return rows.flatMap(([name]) => name ?? []);
}

/** PostgreSQL, MySQL and SQLite in this order. */
function isNoTable(error: unknown): boolean {
  const { code, errno, message } = Object(error) as Readonly<Record<string, unknown>>;
  return code === '42P01' || errno === 1146 || /\bno such table\b/.test(String(message));
}

function failed(error: unknown): Answer {
  // Where several addresses were tried, the error has one for each and no message.
  const all = error instanceof AggregateError ? error.errors : [error];
  const messages = all.map((one: unknown) => (one instanceof Error ? one.message : String(one)));
  const message = [...new Set(messages)]
    .join('; ')
    .replaceAll(/\s*\n\s*/g, ' ')
    .slice(0, 500);
  return { status: 'failed', message, ...(isUnloaded(error) ? { loads: false } : {}) };
}

/** A native part that is of another Node, or that no install script has built (`bindings`). */
function isUnloaded(error: unknown): boolean {
  const { code, message } = Object(error) as Readonly<Record<string, unknown>>;
  return (
    code === 'ERR_DLOPEN_FAILED' ||
    code === 'MODULE_NOT_FOUND' ||
    /could not locate the bindings file/i.test(String(message))
  );
}
