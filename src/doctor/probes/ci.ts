import { note, ok, type Probe } from '../diagnosis.ts';

/** The files in which the usual services are configured. */
const FILES =
  /^(?:\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.circleci\/config\.yml|bitbucket-pipelines\.yml|azure-pipelines\.ya?ml|\.woodpecker(?:\/[^/]+)?\.ya?ml|Jenkinsfile|\.buildkite\/[^/]+\.ya?ml)$/;
const CALL = /(?:drizzle-)?guard["']?\s+check\b/;

export const probe: Probe = {
  id: 'ci',
  title: 'CI',
  needs: 'repository',
  async probe(setUp) {
    const tree = await setUp.tree();
    const files = [...(await tree.entries()).keys()].filter((path) => FILES.test(path));
    const texts = await tree.read(files);
    const { scripts, runs } = await setUp.manifest();
    const called = [...scripts].filter(([, line]) => CALL.test(line)).map(([name]) => name);
    const calls = (text: string): boolean =>
      CALL.test(text) ||
      called.some((name) =>
        new RegExp(
          String.raw`\b(?:npm|pnpm|yarn|bun)\b.*\b${name.replaceAll(/[^\w-]/g, '.')}\b`,
        ).test(text),
      );
    const where = files.find((path) => calls(new TextDecoder().decode(texts.get(path))));
    if (where !== undefined) return [ok(`${where} runs the guard`)];
    const service = files.includes('.gitlab-ci.yml') ? 'gitlab' : 'github';
    return [
      note(
        'no CI job runs the guard: what bypasses the hooks (git commit --no-verify, the web editor) is not checked',
        {
          text: 'Check each change in CI:',
          run: `${runs('drizzle-guard init')} --ci ${service}`,
        },
      ),
    ];
  },
};
