import { examine } from '../doctor/examine.ts';
import { PROBES } from '../doctor/index.ts';
import { openPlace } from '../doctor/place.ts';
import { examinationText } from '../doctor/text.ts';
import type { World } from '../main.ts';
import { paint } from '../report/paint.ts';
import { version } from '../version.ts';
import { showProgress } from './progress.ts';

/** `guard doctor`: examines the set-up, tries the hooks with real commits in a temporary clone, prints, answers 1 on a fault. */
export async function doctor(
  world: World,
  flags: { readonly format: 'text' | 'json' },
): Promise<number> {
  const started = performance.now();
  const progress = showProgress(world, 'trying the hooks in a temporary clone');
  const place = openPlace({ cwd: world.cwd, env: world.env, version, node: process.versions.node });
  try {
    const examination = await examine(place, PROBES);
    progress.done();
    world.stdout.write(
      flags.format === 'json'
        ? `${JSON.stringify(examination, null, 2)}\n`
        : examinationText(examination, paint(world.stdout, world.env), performance.now() - started),
    );
    return examination.healthy ? 0 : 1;
  } finally {
    progress.done();
    await place.close();
  }
}
