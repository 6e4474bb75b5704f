import type { Document, ParsedNode } from 'yaml';
import type { CiFacts } from './facts.ts';
import { GITLAB_JOB, gitlabJob } from './gitlab.ts';

/** What adding the job to a pipeline comes to. */
export type GitlabAddition =
  | { readonly status: 'added'; readonly text: string; readonly notes: readonly string[] }
  /** A job of this name is there. */
  | { readonly status: 'there' }
  /** Not a text that a job can be added to at the end; `why` goes on after "... is left as it is: ". */
  | { readonly status: 'unfit'; readonly why: string };

type Yaml = typeof import('yaml');

/**
 * The pipeline with the job at its end: every byte that was there stays. What results is read back by the YAML library,
 * and must be what was there and the job.
 * @param pipeline the text of .gitlab-ci.yml; undefined where there is none
 */
export async function withGitlabJob(
  pipeline: string | undefined,
  facts: CiFacts,
): Promise<GitlabAddition> {
  if (pipeline === undefined) return { status: 'added', text: gitlabJob(facts), notes: [] };
  const yaml = await import('yaml');
  const was = documents(yaml, pipeline);
  if (was === undefined) return { status: 'unfit', why: 'it is not YAML that can be read' };
  // `spec:` and `---` may come before the pipeline itself.
  const last = was.at(-1)?.contents ?? undefined;
  if (last !== undefined && (!yaml.isMap(last) || last.flow === true))
    return { status: 'unfit', why: 'its jobs are not written one under the other' };
  if (last?.has(GITLAB_JOB) === true) return { status: 'there' };
  const block = gitlabJob(facts, stageFor(valueOf(was.at(-1))));
  const text = pipeline + inItsEndings(gap(pipeline) + block, pipeline);
  const now = documents(yaml, text);
  const same =
    now !== undefined &&
    JSON.stringify(now.map((one) => withoutJob(valueOf(one)))) ===
      JSON.stringify(was.length === 0 ? [{}] : was.map(valueOf));
  if (!same || valueOf(now.at(-1))[GITLAB_JOB] === undefined)
    return { status: 'unfit', why: 'a job at its end would change what is above it' };
  return { status: 'added', text, notes: notesOn(valueOf(was.at(-1))) };
}

/**
 * The pipeline as it was before `withGitlabJob`, where the job still is as that added it; undefined where it is not.
 * `text` is undefined where nothing but the job is there.
 */
export function withoutGitlabJob(
  pipeline: string,
  facts: CiFacts,
): { readonly text: string | undefined } | undefined {
  const stage = new RegExp(`^${GITLAB_JOB}:\\r?\\n {2}stage: (".*")\\r?$`, 'm').exec(pipeline)?.[1];
  const block = inItsEndings(
    gitlabJob(facts, stage === undefined ? undefined : String(JSON.parse(stage))),
    pipeline,
  );
  if (!pipeline.endsWith(block)) return undefined;
  const above = pipeline.slice(0, -block.length);
  return { text: above === '' ? undefined : above.replace(/\r?\n$/, '') };
}

/** A blank line between, or the line break that the last line lacks: either is one line break more. */
function gap(pipeline: string): string {
  return pipeline === '' ? '' : '\n';
}

function inItsEndings(text: string, pipeline: string): string {
  return pipeline.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text;
}

function documents(yaml: Yaml, text: string): readonly Document<ParsedNode>[] | undefined {
  // GitLab's own tags (`!reference`) and merge keys are no errors.
  const read = [...yaml.parseAllDocuments(text)];
  return read.some((one) => one.errors.length > 0) ? undefined : read;
}

type Values = Readonly<Record<string, unknown>>;

function valueOf(document: Document<ParsedNode> | undefined): Values {
  const value: unknown = document?.toJS();
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function withoutJob(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== GITLAB_JOB));
}

/** A job without a stage belongs to `test`, which a pipeline with `stages` of its own may lack: then the first of them. */
function stageFor({ stages }: Values): string | undefined {
  if (!Array.isArray(stages) || stages.length === 0 || stages.includes('test')) return undefined;
  return String(stages[0]);
}

function notesOn({ workflow }: Values): readonly string[] {
  if (
    workflow === undefined ||
    /merge_request_event|CI_MERGE_REQUEST/.test(JSON.stringify(workflow))
  )
    return [];
  return [
    'The `workflow` of .gitlab-ci.yml makes no merge request pipelines, so that the job runs only once a branch is merged: add `if: $CI_PIPELINE_SOURCE == "merge_request_event"` to its rules.',
  ];
}
