// The packages that a bundle contains, and the file that repeats their licences, as those require.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @param inputs paths of bundled files, relative to `root` (esbuild's metafile has them)
 * @returns `{ name, version, licence, text }` of each package, sorted by name. Throws for a package
 * without a licence text.
 */
export async function thirdParty(root, inputs) {
  const folders = new Set(
    inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []),
  );
  const packages = await Promise.all([...folders].map((folder) => read(join(root, folder))));
  const distinct = new Map(packages.map((one) => [`${one.name}@${one.version}`, one]));
  return [...distinct.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

async function read(folder) {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  const file = (await readdir(folder)).find((entry) =>
    /^licen[cs]e(?:\.(?:md|txt))?$/i.test(entry),
  );
  if (file === undefined || typeof license !== 'string')
    throw new Error(`${name} is bundled, but ${folder} has no licence`);
  return { name, version, licence: license, text: await readFile(join(folder, file), 'utf8') };
}

/** The whole file, as text. */
export function notices(packages) {
  const blocks = packages.map(
    ({ name, version, licence, text }) =>
      `${name} ${version} (${licence})\n\n${text.replaceAll('\r\n', '\n').trim()}\n`,
  );
  return ['drizzle-guard contains these packages, under their own licences.\n', ...blocks].join(
    `\n${'-'.repeat(80)}\n\n`,
  );
}
