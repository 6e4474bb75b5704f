import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { TestRepository } from '../support/repository.ts';
import type { Scene } from '../support/scene.ts';
import { editJournal, JOURNAL } from '../tampering/grown-history.ts';

export interface Pasting<Where extends TestRepository = Scene> {
  /** Where the commands are pasted, relative to the top. */
  readonly folder: string;
  /** What a person does before a command, by words of the sentence above it. */
  readonly byHand?: Readonly<Record<string, (repo: Where) => Promise<unknown>>>;
  /** Commands that may fail: a merge that stops at a conflict. */
  readonly stops?: string;
}

/** Runs every command that a report prints, in its order. */
export async function paste<Where extends TestRepository = Scene>(
  repo: Where,
  { folder, byHand = {}, stops }: Pasting<Where>,
  { findings }: Report,
): Promise<void> {
  const cwd = join(repo.dir, folder);
  for (const { text, run } of findings.flatMap(({ fix }) => fix)) {
    if (run === undefined) continue;
    for (const [words, act] of Object.entries(byHand)) if (text.includes(words)) await act(repo);
    await mkdir(cwd, { recursive: true });
    const pasted = await repo.run('sh', ['-e', '-c', withBuiltGuard(run)], { cwd });
    expect(pasted, `${text}\n${run}`).toMatchObject({ exitCode: run === stops ? 1 : 0 });
  }
}

/** Sets in the journal what a report says in words alone. */
export async function setFields(repo: Scene, { findings }: Report): Promise<void> {
  for (const { text, run } of findings.flatMap(({ fix }) => fix)) {
    const [, field = '', tag, value] = /\bset "(\w+)" of (\w+) to (\d+)/.exec(text) ?? [];
    if (run !== undefined || value === undefined) continue;
    await editJournal(repo, ({ entries }) =>
      entries.forEach((entry) => {
        if (entry.tag === tag) Object.assign(entry, { [field]: Number(value) });
      }),
    );
    await repo.git('add', JOURNAL);
  }
}

/** The package is not in the registry of the tests: npx would look there. */
export function withBuiltGuard(command: string): string {
  return command.replaceAll(
    'npx drizzle-guard',
    `'${process.execPath}' '${process.env['GUARD_CLI'] ?? ''}'`,
  );
}
