import type { Probe } from './diagnosis.ts';
import { probe as barePath } from './probes/bare-path.ts';
import { probe as cache } from './probes/cache.ts';
import { probe as ci } from './probes/ci.ts';
import { probe as clone } from './probes/clone.ts';
import { probe as git } from './probes/git-version.ts';
import { probe as guardConfig } from './probes/guard-config.ts';
import { probe as guardInstalled } from './probes/guard-installed.ts';
import { probe as hookCalls } from './probes/hook-calls.ts';
import { probe as hookFiles } from './probes/hook-files.ts';
import { probe as hookManager } from './probes/hook-manager.ts';
import { probe as hooksPath } from './probes/hooks-path.ts';
import { probe as ignored } from './probes/ignored.ts';
import { probe as kit } from './probes/kit.ts';
import { probe as mergeDriver } from './probes/merge-driver.ts';
import { probe as node } from './probes/node-version.ts';
import { probe as project } from './probes/project.ts';
import { commitProof, mergeProof, pushProof } from './probes/proof.ts';
import { probe as repository } from './probes/repository.ts';
import { probe as schema } from './probes/schema.ts';
import { probe as switchedOff } from './probes/switched-off.ts';
import { probe as up } from './probes/up.ts';

/** All probes of `guard doctor`, in the order of its report. */
export const PROBES: readonly Probe[] = [
  git,
  node,
  repository,
  clone,
  hooksPath,
  hookManager,
  hookFiles,
  hookCalls,
  guardInstalled,
  switchedOff,
  project,
  kit,
  schema,
  up,
  ignored,
  mergeDriver,
  guardConfig,
  cache,
  ci,
  commitProof,
  pushProof,
  mergeProof,
  barePath,
];
