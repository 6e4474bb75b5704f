import { GuardError } from '../../model/errors.ts';
import { installCommand } from '../../project/scripts/how-to-generate.ts';
import type { Project } from '../../project/project.ts';
import { findKit } from '../../schema/kit/find-kit.ts';
import { problem, ok, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { SetUp } from '../set-up.ts';

export const probe: Probe = {
  id: 'kit',
  title: 'drizzle-kit and drizzle-orm',
  needs: 'project',
  async probe(setUp) {
    const { projects } = await setUp.discovered();
    const bases = new Map(projects.map((project) => [project.base, project]));
    return Promise.all([...bases.values()].map((project) => look(setUp, project)));
  },
};

async function look(setUp: SetUp, { base }: Project): Promise<Diagnosis> {
  const [{ topLevel }, install, manifest] = await Promise.all([
    setUp.repository(),
    installCommand(await setUp.tree(), base),
    setUp.manifest(),
  ]);
  const where = base === '' ? '' : ` (${base})`;
  try {
    const { version, ormVersion } = findKit(topLevel, base, install);
    return ok(`drizzle-kit ${version}, drizzle-orm ${ormVersion}${where}`);
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    const add = manifest.adds('drizzle-kit@0.31');
    const fixes = {
      'kit-missing': [
        { text: 'Install the dependencies:', run: install },
        { text: 'Or add it, if package.json does not list it:', run: add },
      ],
      'kit-unsupported': [
        { text: 'Install a version that this guard supports:', run: add },
        {
          text: 'Or a drizzle-guard that supports the installed one:',
          run: manifest.adds('drizzle-guard@latest'),
        },
      ],
      'orm-missing': [
        { text: 'Install the dependencies:', run: install },
        { text: 'Or add it, if package.json does not list it:', run: manifest.adds('drizzle-orm') },
      ],
    };
    return problem(
      `${error.message.replace(/\.$/, '')}${where}`,
      ...(error.code in fixes
        ? fixes[error.code as keyof typeof fixes]
        : error.help.map((text) => ({ text }))),
    );
  }
}
