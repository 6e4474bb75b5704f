// What publint and attw (are the types wrong?) say of a packed tarball: `node .ci/lint-tarball.mjs
// <tarball>`; ends with 1 where they say anything.
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** Both lists are empty for a package that is as it should be. */
export async function lint(tarball) {
  return { publint: await linted(tarball), attw: typesOf(tarball) };
}

/** publint's messages, suggestions included. */
async function linted(tarball) {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
    strict: true,
  });
  return messages.map((message) => formatMessage(message, pkg, { color: false }));
}

const ATTW = fileURLToPath(
  new URL('../node_modules/@arethetypeswrong/cli/dist/index.js', import.meta.url),
);

/**
 * attw's problems, of the resolutions that can load this package at all: it is ESM alone, so its
 * profile `esm-only` sets aside `node10`, which does not know `exports`, and `require` as
 * TypeScript's node16 understood it (every node that the package runs on can `require` ESM). No
 * rule is set aside.
 */
function typesOf(tarball) {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [ATTW, tarball, '--profile', 'esm-only', '--format', 'json'],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  const { analysis } = JSON.parse(
    stdout === '' ? `{"analysis":{"problems":[{"kind":${JSON.stringify(stderr)}}]}}` : stdout,
  );
  if (analysis.types === false) return ['the package has no types'];
  return analysis.problems
    .filter(({ resolutionKind }) => resolutionKind !== 'node10' && resolutionKind !== 'node16-cjs')
    .map(({ kind, entrypoint, resolutionKind }) =>
      [kind, entrypoint, resolutionKind].filter(Boolean).join(' '),
    );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const complaints = Object.values(await lint(process.argv[2])).flat();
  for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
  if (complaints.length > 0) process.exitCode = 1;
}
