import type { Tree } from '../git/trees/tree.ts';
import { type RepoPath, folderOf } from '../model/repo-path.ts';
import { inNodeModules } from './config/config-names.ts';
import type { NotRunProject, Project } from './project.ts';
import { DIALECTS, type Dialect } from '../model/dialect.ts';
import { jsonRecord } from '../model/unknown.ts';

const JOURNAL = 'meta/_journal.json';

/**
 * Projects whose config cannot be evaluated, inferred from what drizzle-kit wrote: a journal names
 * its dialect, and it belongs to the config in the nearest folder above it. Only where both have no
 * other candidate.
 * @param known projects that were read otherwise: their journals are skipped.
 */
export async function inferProjects(
  tree: Tree,
  configs: readonly NotRunProject[],
  known: readonly Pick<Project, 'out'>[],
): Promise<readonly Project[]> {
  const taken = new Set(known.map(({ out }) => out));
  const outs = [...(await tree.entries()).keys()]
    .filter((path) => path.endsWith(`/${JOURNAL}`) && !inNodeModules(path))
    .map((path) => path.slice(0, -JOURNAL.length - 1))
    .filter((out) => !taken.has(out));
  const ownerOf = new Map(outs.map((out) => [out, nearest(out, configs)]));
  const pairs = configs.flatMap((config) => {
    const [out, ...others] = outs.filter((one) => ownerOf.get(one) === config);
    return out === undefined || others.length > 0 ? [] : [{ ...config, out }];
  });
  const journals = await tree.read(pairs.map(({ out }) => `${out}/${JOURNAL}`));
  return pairs.flatMap(({ config, name, why, out }): readonly Project[] => {
    const dialect = dialectOf(journals.get(`${out}/${JOURNAL}`));
    if (dialect === undefined) return [];
    return [
      {
        config,
        name,
        alsoConfigs: [],
        dialect,
        schema: [],
        schemaFiles: [],
        base: folderOf(config),
        out,
        breakpoints: true,
        prefix: 'index',
        readAs: 'literals',
        unread: why,
      },
    ];
  });
}

/** Undefined where two configs are equally near, or none is above. */
function nearest(out: RepoPath, configs: readonly NotRunProject[]): NotRunProject | undefined {
  const above = configs
    .map((one) => ({ one, folder: folderOf(one.config) }))
    .filter(({ folder }) => folder === '' || out.startsWith(`${folder}/`));
  const deepest = Math.max(...above.map(({ folder }) => folder.length));
  const [first, ...more] = above.filter(({ folder }) => folder.length === deepest);
  return more.length > 0 ? undefined : first?.one;
}

function dialectOf(bytes: Uint8Array | undefined): Dialect | undefined {
  const written = jsonRecord(new TextDecoder('utf-8').decode(bytes))?.['dialect'];
  return DIALECTS.find((dialect) => dialect === written);
}
