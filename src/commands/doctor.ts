import { examine } from '../doctor/examine.ts';
import { PROBES } from '../doctor/index.ts';
import { openSetUp } from '../doctor/open.ts';
import { examinationJson, examinationText } from '../doctor/text.ts';
import type { CliContext } from '../cli-context.ts';
import { coloursFor } from '../report/colours.ts';
import { version } from '../model/version.ts';
import { showProgress } from './progress.ts';

/**
 * `guard doctor`: checks the set-up, tries the hooks with real commits in a temporary clone,
 * prints; returns 1 on a problem.
 */
export async function doctor(
  context: CliContext,
  flags: { readonly format: 'text' | 'json' },
): Promise<number> {
  const started = performance.now();
  const progress = showProgress(context, 'testing the hooks in a temporary clone');
  const setUp = openSetUp({
    cwd: context.cwd,
    env: context.env,
    version,
    node: process.versions.node,
  });
  try {
    const examination = await examine(setUp, PROBES);
    progress.done();
    context.stdout.write(
      flags.format === 'json'
        ? examinationJson(examination)
        : examinationText(
            examination,
            coloursFor(context.stdout, context.env),
            performance.now() - started,
          ),
    );
    return examination.healthy ? 0 : 1;
  } finally {
    progress.done();
    await setUp.close();
  }
}
