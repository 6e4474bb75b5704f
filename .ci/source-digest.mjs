// What dist/ is built of, as one digest: a build of the same sources need not be made twice.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['src', '.ci', 'test/fixtures', 'package.json', 'package-lock.json'];
const KEPT = `${root}node_modules/.cache/drizzle-guard-dist`;

/** The digest of all files at these paths, relative to the top; '' where one is missing. */
async function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const files = await filesOf(path);
    if (files === undefined) return '';
    for (const file of files) hash.update(`${file}\0`).update(await readFile(`${root}${file}`));
  }
  return hash.digest('hex');
}

async function filesOf(path) {
  try {
    const entries = await readdir(`${root}${path}`, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length))
      .sort();
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** All that a build is made of. */
export function digestOfSources() {
  return digestOf(SOURCES);
}

/** Sources and dist/ as they are now, or '' where there is no dist. */
async function stateOfDist() {
  const dist = await digestOf(['dist']);
  return dist === '' ? '' : `${await digestOfSources()} ${dist}`;
}

/** Whether dist/ is what the last build made of exactly these sources. */
export async function isDistCurrent() {
  const kept = await readFile(KEPT, 'utf8').catch(() => '');
  return kept !== '' && kept === (await stateOfDist());
}

/** To be called after dist/ was built whole. */
export async function keepStateOfDist() {
  await mkdir(dirname(KEPT), { recursive: true });
  await writeFile(KEPT, await stateOfDist());
}
