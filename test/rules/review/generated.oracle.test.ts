import { expect, it } from 'vitest';
import { linkModules } from '../../support/drizzle-project.ts';
import { linkKit1 } from '../../support/kit1.ts';
import { repository } from '../../support/repository.ts';
import { guardIn } from '../../support/scene.ts';
import { changesOf, schemaOf, type GeneratedDialect } from './generated-changes.ts';

const OF_031 = ['postgresql', 'mysql', 'sqlite', 'turso', 'singlestore'] as const;
const KINDS: readonly (readonly [kit: '0.31' | 'rc5', dialect: GeneratedDialect])[] = [
  ...OF_031.map((dialect) => ['0.31', dialect] as const),
  ...[...OF_031, 'mssql' as const, 'cockroach' as const].map((one) => ['rc5', one] as const),
];

/** For which rc5 writes no SQL at all (`MODIFY COLUMN` is missing): there is nothing to review. */
const NOT_WRITTEN: ReadonlySet<string> = new Set([
  'set_not_null',
  'type_shrinks',
  'text_to_number',
  'number_to_text',
]);

interface Said {
  readonly rule: string;
  readonly message: string;
  readonly line?: number;
}

it.each(KINDS)(
  '%s, %s: the review says of what drizzle-kit writes what it does to rows, and nothing else',
  async (kit, dialect) => {
    await using repo = await repository({
      'package.json': '{ "type": "module" }\n',
      '.gitignore': 'node_modules\n',
      'drizzle.config.ts': `export default { dialect: '${dialect}', schema: './schema.ts', out: './drizzle' };\n`,
    });
    await (kit === '0.31' ? linkModules(repo.dir) : linkKit1(repo.dir, kit));
    for (const at of ['before', 'after'] as const) {
      await repo.write('schema.ts', schemaOf(dialect, at));
      const kitRun = ['node_modules/drizzle-kit/bin.cjs', 'generate', '--name', at];
      await repo.run(process.execPath, kitRun);
      await repo.commit(at);
    }
    const files = await repo.git('ls-files', 'drizzle');
    const name = /^drizzle\/([^/]*_after)(?:\.sql|\/migration\.sql)$/m.exec(files)?.[1] ?? '';
    const { stdout, stderr } = await guardIn(repo).guard(['review', name, '--format', 'json']);
    expect({ stderr, name }).toMatchObject({ stderr: '', name: expect.stringContaining('after') });
    const points = (JSON.parse(stdout) as { points: readonly { findings: readonly Said[] }[] })
      .points;
    const findings = points.flatMap((point) => point.findings);
    const changes = changesOf(dialect);
    const tableOf = ({ message }: Said): string | undefined =>
      (message.match(/[a-z_]+/g) ?? []).find((word) => changes.some((one) => one.name === word));
    const said = Object.fromEntries(
      changes.map((one) => [
        one.name,
        findings
          .filter((finding) => tableOf(finding) === one.name)
          .map(({ rule }) => rule)
          .toSorted()
          .join(', '),
      ]),
    );
    const isNotWritten = (table: string): boolean =>
      kit === 'rc5' && dialect === 'singlestore' && NOT_WRITTEN.has(table);
    expect(said).toEqual(
      Object.fromEntries(
        changes.map((one) => [
          one.name,
          isNotWritten(one.name) ? '' : (one.except?.[dialect] ?? one.says),
        ]),
      ),
    );
    expect(findings.filter((one) => tableOf(one) === undefined)).toEqual([]);
  },
);
