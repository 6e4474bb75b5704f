// Packs what would be published, out of the sources as they are and without touching dist/, which a
// hook may be running: `node .ci/pack.mjs <folder>` prints { tarball, size, unpackedSize, files }
// as JSON, sizes in bytes.
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDistCurrent } from './source-digest.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param into absolute path of a folder that is there */
export async function pack(into) {
  const staging = await mkdtemp(join(tmpdir(), 'drizzle-guard-pack-'));
  try {
    for (const name of ['package.json', 'README.md', 'LICENSE', 'src/docs'])
      await cp(join(root, name), join(staging, name), { recursive: true });
    if (await isDistCurrent())
      await cp(join(root, 'dist'), join(staging, 'dist'), { recursive: true });
    else
      execFileSync(
        process.execPath,
        [join(root, '.ci/build.mjs'), `--out=${join(staging, 'dist')}`],
        { cwd: root, stdio: ['ignore', 2, 2] },
      );
    // The script `prepare` would build once more, in a folder without the sources.
    const said = execFileSync(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', into],
      { cwd: staging, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const [{ filename, size, unpackedSize, files }] = Object.values(JSON.parse(said));
    return {
      tarball: join(into, filename),
      size,
      unpackedSize,
      files: files.map(({ path }) => path),
    };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const into = process.argv[2];
  if (into === undefined) throw new Error('usage: node .ci/pack.mjs <folder>');
  process.stdout.write(`${JSON.stringify(await pack(resolve(into)))}\n`);
}
