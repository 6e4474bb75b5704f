import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { migrate } from 'drizzle-orm/libsql/migrator';
import { afterEach, describe, expect, it } from 'vitest';
import { readTable } from '../../src/database/read-table.ts';
import { linkModules } from '../support/drizzle-project.ts';
import { WHOLE } from '../support/run-settings.ts';
import { historyScene, makes, type HistoryScene } from './history-scene.ts';
import { postgresql, sqlite } from './migrators.ts';

const [a, b] = [makes('a', 0), makes('b', 10)] as const;

async function scene(db = sqlite()): Promise<HistoryScene> {
  const repo = await historyScene('0.x', db);
  await linkModules(repo.dir);
  await repo.write('.git/info/exclude', 'node_modules\n*.db*\nempty\n');
  await repo.migrations([a, b]);
  await repo.commit('Two tables');
  return repo;
}

describe('a SQLite file', () => {
  it('is read while it is written to, and neither changed nor locked', async () => {
    const repo = await scene();
    const name = 'app #1 100%.db';
    const client = createClient({ url: `file:${join(repo.dir, encodeURIComponent(name))}` });
    // What is in the write-ahead log alone is read too.
    await client.execute('pragma journal_mode = wal');
    await migrate(drizzle(client), { migrationsFolder: join(repo.dir, 'drizzle') });
    const before = await readFile(join(repo.dir, name));
    const files = await readdir(repo.dir);
    const said = await repo.guard(['status', '--url', `./${name}`]);
    expect(said).toMatchObject({ exitCode: 0, stderr: '' });
    expect(said.stdout).toContain('applied     m_a and m_b');
    expect(await readdir(repo.dir)).toEqual(files);
    expect((await readFile(join(repo.dir, name))).equals(before)).toBe(true);
    await client.execute('create table more (id integer)');
    client.close();
  });

  it('without the table: nothing was applied, and it says so', async () => {
    const repo = await scene();
    const client = createClient({ url: `file:${join(repo.dir, 'other.db')}` });
    await client.execute('create table x (id integer)');
    client.close();
    const said = await repo.guard(['status'], { env: { GUARD_STATUS_URL: 'file:other.db' } });
    expect(said.exitCode).toBe(0);
    expect(said.stdout).toContain('There is no such table in this database');
    expect(said.stdout).toContain('0 applied, 2 pending');
  });

  it('with the rows in a table of another name: it could not look', async () => {
    const repo = await scene();
    const client = createClient({ url: `file:${join(repo.dir, 'app.db')}` });
    const config = {
      migrationsFolder: join(repo.dir, 'drizzle'),
      migrationsTable: 'my_migrations',
    };
    await migrate(drizzle(client), config);
    client.close();
    const said = await repo.guard(['status', '--url', 'app.db']);
    expect(said).toMatchObject({ exitCode: 2, stdout: '' });
    expect(said.stderr).toContain('this looks like it: my_migrations');
    await repo.edit('drizzle.config.ts', (text) =>
      text.replace('};', ", migrations: { table: 'my_migrations' } };"),
    );
    expect(await repo.guard(['status', '--url', 'app.db'])).toMatchObject({ exitCode: 0 });
  });

  it('that is not there is not made; what is no database is refused', async () => {
    const repo = await scene();
    for (const url of ['missing.db', 'file:missing.db', ':memory:', 'drizzle', 'schema.ts/x.db']) {
      const said = await repo.guard(['status', '--url', url]);
      expect(said).toMatchObject({ exitCode: 2, stdout: '' });
      expect(said.stderr).toContain('there is no file');
    }
    expect(existsSync(join(repo.dir, 'missing.db'))).toBe(false);
    const said = await repo.guard(['status', '--url', 'schema.ts']);
    expect(said).toMatchObject({ exitCode: 2 });
    expect(said.stderr).toContain('[database-failed]');
  });

  it('is read by the next driver where the first one does not load', async () => {
    const repo = await scene();
    await repo.write(
      'broken/node_modules/better-sqlite3/index.js',
      "throw new Error('Could not locate the bindings file. Tried:\\n build/x.node');\n",
    );
    await repo.write('app.db', '');
    const asked = {
      url: 'app.db',
      dialect: 'sqlite',
      cwd: repo.dir,
      env: process.env,
      select: 'select 1 as x',
    } as const;
    const broken = join(repo.dir, 'broken');
    const answer = await readTable({ ...asked, folders: [broken, repo.dir] });
    expect(answer).toMatchObject({ columns: ['x'], rows: [['1']] });
  });

  it('a driver that is not installed is one line to install, and another kind of URL is none', async () => {
    const repo = await scene();
    await repo.write('app.db', '');
    await rm(join(repo.dir, 'node_modules'), { recursive: true });
    const said = await repo.guard(['status', '--url', 'libsql://x.turso.io']);
    expect(said).toMatchObject({ exitCode: 2 });
    expect(said.stderr).toContain('npm install --save-dev @libsql/client');
    const other = await repo.guard(['status', '--url', 'postgres://u:secret@h/d']);
    expect(other.stderr).toContain('the URL is none of a sqlite database');
    expect(other.stderr).not.toContain('secret');
  });
});

describe('PostgreSQL by a URL', () => {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });
  const listen = async (onData: (data: Buffer, socket: Socket) => void): Promise<number> => {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('data', (data) => onData(data, socket));
    });
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return (server.address() as { port: number }).port;
  };
  const SECRET = 'p@ss/w#rd';
  const urlOf = (port: number, options = ''): string =>
    `postgres://me:${encodeURIComponent(SECRET)}@127.0.0.1:${port}/shop${options}`;

  it('is read by pg; a table in another schema is no empty one', async () => {
    const db = await postgresql();
    const repo = await scene(db);
    await repo.migrate();
    let last: Promise<unknown> = Promise.resolve();
    const port = await listen((data, socket) => {
      last = last.then(async () => socket.write(await db.protocol(data)));
    });
    const status = async (): Promise<string> => {
      const said = await repo.guard(['status', '--url', urlOf(port)]);
      return `${said.exitCode} ${said.stdout}${said.stderr}`;
    };
    expect(await status()).toContain('2 migrations: 2 applied.');
    await db.run('alter table drizzle.__drizzle_migrations set schema public');
    expect(await status()).toMatch(
      /^2 .*not where the config says.*: public\.__drizzle_migrations/s,
    );
    await db.run('drop table public.__drizzle_migrations');
    expect(await status()).toMatch(/^0 .*There is no such table.*0 applied, 2 pending/s);
    await db.close();
  });

  // A new folder takes PGlite five seconds.
  if (WHOLE)
    it('a folder of PGlite is read from a copy', async () => {
      const repo = await scene({ ...sqlite(), dialect: 'postgresql' });
      const folder = join(repo.around, 'pg');
      const kept = await PGlite.create(folder);
      await kept.exec('create table x (id integer)');
      await kept.close();
      const said = await repo.guard(['status', '--url', folder]);
      expect(said.stdout + said.stderr).toContain('There is no such table');
      expect(said.exitCode).toBe(0);
      const none = await repo.guard(['status', '--url', 'empty']);
      expect(none.stderr).toContain('is no folder of PGlite');
      expect(existsSync(join(repo.dir, 'empty'))).toBe(false);
    });

  it.each<readonly [string, (data: Buffer, socket: Socket) => void, string, number]>([
    [
      'a wrong password',
      (_, socket) => {
        const text = `SFATAL\0C28P01\0Mpassword authentication failed: ${SECRET}\0\0`;
        const head = Buffer.alloc(5);
        head.write('E');
        head.writeInt32BE(text.length + 4, 1);
        socket.end(Buffer.concat([head, Buffer.from(text)]));
      },
      'password authentication failed: ***',
      20_000,
    ],
    ['a server that hangs up', (_, socket) => socket.destroy(), 'could not read the table', 20_000],
    ['a server that says nothing', () => undefined, 'pg could not read the table', 500],
  ])(
    '%s: it could not look, and the password is nowhere',
    async (_, onData, message, timeLimit) => {
      const repo = await scene();
      const port = await listen(onData);
      const failed = await readTable({
        url: urlOf(port),
        dialect: 'postgresql',
        cwd: repo.dir,
        folders: [repo.dir],
        env: process.env,
        select: 'select 1',
        timeLimit,
      }).catch((error: unknown) => error);
      expect(String(failed)).toContain(message);
      expect(String(failed)).not.toContain(SECRET);
      expect(JSON.stringify(failed)).not.toContain(encodeURIComponent(SECRET));
      expect(failed).toMatchObject({ code: 'database-failed' });
    },
  );

  it('nobody listens: likewise', async () => {
    const repo = await scene({ ...sqlite(), dialect: 'postgresql' });
    const port = await listen(() => undefined);
    servers.splice(0).forEach((server) => server.close());
    const said = await repo.guard(['status', '--url', urlOf(port), '--verbose']);
    expect(said).toMatchObject({ exitCode: 2, stdout: '' });
    expect(said.stderr).toContain('ECONNREFUSED');
    expect(said.stderr).not.toMatch(/p(?:@|%40)ss/);
  });
});
