import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusals } from '../support/scene.ts';
import { paste } from '../situations/pasting.ts';
import { FAULTS, grown, type Grown } from './planted.ts';

let one: Grown;
beforeAll(async () => {
  one = await grown('rc5', 'postgresql');
});
afterAll(() => one.repo[Symbol.asyncDispose]());

/** What is left for a person to decide, when everything has been pasted. */
const LEFT: Readonly<Record<string, readonly string[]>> = {
  'the schema throws': ['schema-unreadable'],
};

/** Installing what package.json names, which here is nothing, would take drizzle-kit away. */
const BY_INSTALLING = 'a snapshot of a newer version';

const REFUSED = FAULTS.filter(({ refused, on }) => (on?.postgresql ?? refused).length > 0);

test.each(REFUSED.filter(({ name }) => name !== BY_INSTALLING))(
  '$name: pasted in a subfolder',
  async ({ name, make }) => {
    const { repo } = one;
    await repo.git('reset', '-q', '--hard');
    await repo.git('clean', '-qfd');
    await make(one);
    await repo.git('add', '--all');
    const report = await repo.check();
    await paste(repo, { folder: 'src/db' }, report);
    const after = await repo.check();
    expect(after.outcome).not.toBe('unable');
    expect(refusals(after), JSON.stringify(after.findings, null, 2)).toEqual(LEFT[name] ?? []);
  },
);
