import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ENVIRONMENT } from '../package/packed.ts';

export interface Registry extends AsyncDisposable {
  /** What makes npm, pnpm and yarn ask it. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A registry that has the packed guard; for all else it sends on to the one that this machine uses.
 */
export async function registryWith(tarball: string, version: string): Promise<Registry> {
  const bytes = await readFile(tarball);
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], {
    encoding: 'utf8',
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .trim()
    .replace(/\/$/, '');
  const manifest = JSON.parse(
    execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }),
  ) as Readonly<Record<string, unknown>>;
  const server = createServer((request, response) => {
    if (request.url === '/drizzle-guard') {
      const dist = {
        tarball: `http://${request.headers.host}/drizzle-guard/-/drizzle-guard-${version}.tgz`,
        integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
        shasum: createHash('sha1').update(bytes).digest('hex'),
      };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          name: 'drizzle-guard',
          'dist-tags': { latest: version },
          versions: { [version]: { ...manifest, dist } },
          time: { [version]: '2024-01-01T00:00:00.000Z' },
        }),
      );
    } else if (request.url?.endsWith('.tgz') === true && request.url.startsWith('/drizzle-guard/'))
      response.end(bytes);
    else {
      response.writeHead(302, { location: `${upstream}${request.url ?? ''}` });
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    env: {
      npm_config_registry: url,
      YARN_REGISTRY: url,
      YARN_NPM_REGISTRY_SERVER: url,
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
      BUN_CONFIG_REGISTRY: url,
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
