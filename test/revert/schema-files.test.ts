import { expect, it } from 'vitest';
import type { ChangedPath } from '../../src/git/trees/listing.ts';
import type { Entry } from '../../src/git/trees/tree.ts';
import { GuardError } from '../../src/model/errors.ts';
import { schemaChanges } from '../../src/revert/schema-files.ts';

const [OLD, NEW] = ['a'.repeat(40), 'b'.repeat(40)];
const inside = (oid: string): Entry => ({
  mode: '100644',
  oid,
  submodule: 'libs/db',
});
const file: ChangedPath = { path: 'libs/db/schema.ts', before: inside(OLD), after: inside(NEW) };

/** The way on where a schema file is in a submodule. */
function helpOf(changed: readonly ChangedPath[]): readonly string[] {
  try {
    schemaChanges(changed, { closure: new Set([file.path]), configs: [], outs: [] });
  } catch (error) {
    if (error instanceof GuardError) return error.help;
    throw error;
  }
  throw new Error('nothing was thrown');
}

it('what a submodule has goes back there, by its commits', () => {
  const link: ChangedPath = {
    path: 'libs/db',
    before: { mode: '160000', oid: OLD },
    after: { mode: '160000', oid: NEW },
  };
  expect(helpOf([link, file])).toEqual([
    'Take it back there, and stage its new commit here:',
    '( cd ./$(git rev-parse --show-cdup) && git -C libs/db revert --no-edit aaaaaaaaaaaa..bbbbbbbbbbbb )',
    'git add :/libs/db',
    'Then generate the migration that goes back.',
  ]);
});

it('without them by hand', () => {
  expect(helpOf([file])).toEqual([
    'Take it back by hand in libs/db, and stage its new commit: git add :/libs/db',
  ]);
});
