import type { RepoPath } from '../model/repo-path.ts';
import { validateConfig } from './config/validate.ts';
import { placeConfig } from './files/placement.ts';
import { withoutSubmodule, type ReadProject, type ReadingOptions } from './read-project.ts';
import { generates, type ScriptCall } from './scripts/script-calls.ts';
import { named } from './variants.ts';

/** The options of a project that has no config. */
export interface InlineProject {
  /** As in a drizzle config. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The folder that drizzle-kit is run from: paths are relative to it. */
  readonly base: RepoPath;
  /** The command that generates its migrations, from the top of the repository. */
  readonly generate?: string;
}

/**
 * A project whose options stand in a file that is no config: `drizzle-kit generate --dialect=...
 * --schema=...` in a script, or the guard's own config.
 * @param file the file that has them
 */
export async function readInline(
  file: RepoPath,
  { options, base, generate }: InlineProject,
  reading: ReadingOptions,
): Promise<ReadProject> {
  const { folders, top } = reading;
  const shaped = validateConfig(options);
  const place = shaped.ok
    ? await placeConfig(file, shaped.config, [base], folders, top)
    : undefined;
  const name = named(file, [`out ${place?.out ?? String(options['out'])}`]);
  const unreadable = (message: string): ReadProject => ({
    status: 'unreadable',
    unreadable: { config: file, name, message },
  });
  if (!shaped.ok) return unreadable(shaped.message);
  if (place === undefined)
    return unreadable(`\`out\` (${shaped.config.out}) is outside the repository`);
  if (place.problem !== undefined)
    return unreadable(`\`out\` (${shaped.config.out}) cannot be followed: ${place.problem}`);
  const lacking = withoutSubmodule({ config: file, name }, place, reading);
  if (lacking !== undefined) return lacking;
  const { config } = shaped;
  if (config.schema.length === 0) return unreadable('no `schema`: drizzle-kit generate needs one');
  return {
    status: 'project',
    project: {
      ...config,
      config: file,
      name,
      alsoConfigs: [],
      withoutConfig: true,
      schemaFiles: place.schemaFiles,
      base: place.base,
      out: place.out,
      readAs: 'literals',
      ...(place.linked.length === 0 ? {} : { linked: place.linked }),
      ...(generate === undefined ? {} : { generate }),
    },
  };
}

/** The projects of the scripts that generate with options; none where drizzle-kit refuses these. */
export async function readOptions(
  calls: readonly ScriptCall[],
  reading: ReadingOptions,
): Promise<readonly ReadProject[]> {
  return Promise.all(
    calls.flatMap((one) => {
      const options = one.call.options;
      if (options === undefined || !generates(one)) return [];
      // drizzle-kit: "Please provide required params".
      if (options['dialect'] === undefined || options['schema'] === undefined) return [];
      return readCall(one, options, reading);
    }),
  );
}

async function readCall(
  { config: file, script, folder, environment }: ScriptCall,
  written: Readonly<Record<string, string>>,
  reading: ReadingOptions,
): Promise<ReadProject> {
  const computed = Object.entries(written).find(([, value]) => /[$`]/.test(value));
  if (computed !== undefined) {
    const name = named(file, [`script ${script}`]);
    const message = `the script ${script} computes \`--${computed[0]}\``;
    return { status: 'unreadable', unreadable: { config: file, name, message } };
  }
  const { breakpoints, prefix, ...options } = written;
  const read = await readInline(
    file,
    {
      base: folder,
      options: {
        ...options,
        ...(breakpoints === undefined ? {} : { breakpoints: !/^(?:false|0)$/.test(breakpoints) }),
        ...(prefix === undefined ? {} : { migrations: { prefix } }),
      },
    },
    reading,
  );
  return read.status !== 'project' || environment === undefined
    ? read
    : { ...read, project: { ...read.project, environment } };
}
