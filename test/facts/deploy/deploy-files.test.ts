import { describe, expect, it } from 'vitest';
import { pushLines, pushScripts } from '../../../src/facts/deploy/deploy-files.ts';
import { DEPLOYS } from '../../../src/model/deploys.ts';

const lines = (path: string, text: string, scripts: readonly string[] = []): readonly number[] =>
  pushLines(path, text, scripts).map(({ line }) => line);

it.each([
  '.github/workflows/deploy.yml',
  '.circleci/config.yml',
  '.gitlab-ci.yml',
  'Dockerfile',
  'apps/web/Dockerfile.prod',
  'web.dockerfile',
  'docker-compose.yml',
  'compose.prod.yaml',
  'Procfile',
  'fly.toml',
  'docker/docker-entrypoint.sh',
  'scripts/deploy-web.sh',
  'packages/api/package.json',
])('%s says what a deploy runs', (path) => {
  expect(DEPLOYS.test(path)).toBe(true);
});

it.each([
  'README.md',
  'docs/Docker.md',
  'src/deploy.ts',
  'workflows/x.yml',
  'composer.json',
  'dev.sh',
])('%s does not', (path) => {
  expect(DEPLOYS.test(path)).toBe(false);
});

describe('a line that pushes', () => {
  it.each([
    ['Dockerfile', 'CMD npx drizzle-kit push --force && node server.js'],
    ['Dockerfile', 'RUN ["npx", "drizzle-kit", "push"]'],
    ['.github/workflows/a.yml', '      - run: pnpm drizzle-kit push'],
    ['.github/workflows/a.yml', '      - run: bunx drizzle-kit@0.31.4 push --config=x.ts'],
    ['compose.yml', '    command: sh -c "pnpm db:push && node ."'],
    ['fly.toml', '  release_command = "npm run db:push"'],
    ['entrypoint.sh', 'yarn workspace db db:push'],
    ['entrypoint.sh', 'turbo run db:push --filter=db'],
  ])('%s: %s', (path, text) => {
    expect(lines(path, `first\n${text}\nlast`, ['db:push'])).toEqual([2]);
  });

  it.each([
    ['Dockerfile', '# RUN npx drizzle-kit push'],
    ['Dockerfile', 'RUN npx drizzle-kit migrate'],
    ['Dockerfile', 'RUN npm run db:push-notifications'],
    ['compose.yml', '  command: git push'],
    ['a.yml', '- run: docker push drizzle-kit'],
  ])('not %s: %s', (path, text) => {
    expect(lines(path, text, ['db:push'])).toEqual([]);
  });

  it('of package.json only in scripts that deploy, directly or by another script', () => {
    const text = JSON.stringify(
      {
        scripts: {
          dev: 'drizzle-kit push && next dev',
          'db:push': 'drizzle-kit push',
          'start:dev': 'npm run db:push && node .',
          build: 'npm run db:push && next build',
          start: 'drizzle-kit push --force && next start',
          'vercel-build': 'next build',
          'migrate:prod': 'drizzle-kit push',
          deploy: 'git push',
        },
      },
      undefined,
      2,
    );
    expect(pushScripts(text)).toEqual(['dev', 'db:push', 'start', 'migrate:prod']);
    const found = pushLines('package.json', text, pushScripts(text)).map(({ text: line }) => line);
    expect(found).toEqual([
      '"build": "npm run db:push && next build"',
      '"start": "drizzle-kit push --force && next start"',
      '"migrate:prod": "drizzle-kit push"',
    ]);
    expect(pushScripts('{')).toEqual([]);
  });
});
