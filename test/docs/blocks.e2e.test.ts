import { expect, it } from 'vitest';
import { blocksOf, pages } from './pages.ts';
import { RUNNERS } from './runners.ts';

const BLOCKS = Object.entries(pages())
  .flatMap(([page, text]) => blocksOf(page, text))
  .filter(({ generated }) => !generated);

it.each(BLOCKS.map((block) => [`${block.page}:${block.line} (${block.info})`, block] as const))(
  '%s works as written',
  async (_, { info, text }) => {
    const runner = RUNNERS[info];
    if (runner === undefined) throw new Error(`no test runs a block \`\`\`${info}`);
    await runner(text);
  },
);

it('every way to test a block is used', () => {
  expect(
    Object.keys(RUNNERS).filter((info) => !BLOCKS.some((block) => block.info === info)),
  ).toEqual([]);
});
