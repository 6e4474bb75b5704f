// What a stranger gets: packs the package, lets publint and attw look at it, installs it, and
// prints its figures. `node .ci/tarball.mjs [--json]`; ends with 1 where publint or attw have
// something to say.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lint } from './lint-tarball.mjs';
import { pack } from './pack.mjs';

const scratch = await mkdtemp(join(tmpdir(), 'drizzle-guard-tarball-'));
try {
  const { tarball, size, unpackedSize, files } = await pack(scratch);
  const complaints = await lint(tarball);
  const installed = await installedFrom(tarball);
  const figures = {
    size,
    unpackedSize,
    files: files.length,
    declarations: files.filter((path) => path.endsWith('.d.ts')),
    installed: installed.size,
    withDependencies: installed.whole,
    ...(await startsOf(installed.cli)),
    ...complaints,
  };
  process.stdout.write(
    `${process.argv.includes('--json') ? JSON.stringify(figures) : table(figures)}\n`,
  );
  if (complaints.publint.length > 0 || complaints.attw.length > 0) process.exitCode = 1;
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** Installed into a project that has nothing else: sizes on disk, in bytes. */
async function installedFrom(tarball) {
  const project = join(scratch, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  execFileSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--omit=peer', '--loglevel=error', tarball],
    { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const modules = join(project, 'node_modules');
  return {
    cli: join(modules, 'drizzle-guard/dist/cli.js'),
    size: await sizeOf(join(modules, 'drizzle-guard')),
    whole: await sizeOf(modules),
  };
}

async function sizeOf(folder) {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

/**
 * Medians of interleaved runs, as ratios to a bare node: whatever else the machine does then hits
 * all alike.
 */
async function startsOf(cli) {
  const repo = join(scratch, 'repository');
  const git = (...args) =>
    execFileSync(
      'git',
      [
        '-C',
        repo,
        '-c',
        'user.name=T',
        '-c',
        'user.email=t@example.invalid',
        '-c',
        'commit.gpgSign=false',
        ...args,
      ],
      { stdio: 'ignore' },
    );
  execFileSync('git', ['init', '--quiet', repo]);
  await writeFile(join(repo, 'readme.md'), 'one\n');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'one');
  await writeFile(join(repo, 'readme.md'), 'two\n');
  git('add', '--all');
  const ways = { node: ['-e', '0'], version: [cli, '--version'], preCommit: [cli, 'pre-commit'] };
  const took = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round < 15; round++) {
    for (const [name, args] of Object.entries(ways)) {
      const started = performance.now();
      const { status } = spawnSync(process.execPath, args, { cwd: repo, stdio: 'ignore' });
      if (status !== 0) throw new Error(`${name} ended with ${status}`);
      took[name].push(performance.now() - started);
    }
  }
  const median = (name) => took[name].toSorted((a, b) => a - b)[7];
  return {
    node: median('node'),
    version: median('version') / median('node'),
    preCommit: median('preCommit') / median('node'),
  };
}

function table({
  size,
  unpackedSize,
  files,
  installed,
  withDependencies,
  node,
  version,
  preCommit,
  publint: said,
  attw,
}) {
  const rows = [
    ['tarball', kB(size)],
    ['unpacked', kB(unpackedSize)],
    ['files', files],
    ['installed', kB(installed)],
    ['installed, with esbuild', kB(withDependencies)],
    ['`node -e 0`', `${Math.round(node)} ms`],
    ['`guard --version`', `${version.toFixed(2)} × node`],
    ['`guard pre-commit`, nothing relevant staged', `${preCommit.toFixed(2)} × node`],
    ['publint', said.length === 0 ? 'clean' : said.join('<br>')],
    ['attw', attw.length === 0 ? 'clean' : attw.join('<br>')],
  ];
  return [
    '| what | figure |',
    '| --- | --- |',
    ...rows.map(([what, figure]) => `| ${what} | ${figure} |`),
  ].join('\n');
}

function kB(bytes) {
  return `${Math.round(bytes / 1000)} kB`;
}
