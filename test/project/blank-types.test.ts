import { expect, it } from 'vitest';
import { blankTypes } from '../../src/project/config/strip-types.ts';
import { readLiterals, type Literals } from '../../src/project/config/literals.ts';

/** As it is read where there is no esbuild, and where there is. */
async function bothWays(text: string): Promise<readonly [Literals, Literals]> {
  return [
    await readLiterals(text, 'drizzle.config.ts', undefined, 'blanked'),
    await readLiterals(text, 'drizzle.config.ts'),
  ];
}

const VALUE = { dialect: 'postgresql', schema: './s.ts', out: './d' };
const INNER = `dialect: 'postgresql', schema: './s.ts', out: './d'`;

it.each([
  `import type { Config } from 'drizzle-kit';\nexport default { ${INNER} } satisfies Config;\n`,
  `import type Config from "drizzle-kit"\nexport default { ${INNER} } as Config`,
  `import { type Config, defineConfig } from 'drizzle-kit';\nexport default defineConfig({ ${INNER} });`,
  `import { defineConfig, type Config } from 'drizzle-kit';\nconst config: Config = { ${INNER}, dbCredentials: { url: process.env.DATABASE_URL! } };\nexport default config;`,
  `export default { dialect: 'postgresql' as const, schema: './s.ts', out: <never>'x' as unknown as string } satisfies Config`.replace(
    "<never>'x'",
    "'./d'",
  ),
  `const out: string = './d';\nexport default { dialect: 'postgresql', schema: './s.ts', out: out! , dbCredentials: { url: (process.env['URL'] as string)!, port: Number(process.env.PORT!) } } satisfies import1.Config<'a' | 'b'>[];`,
  `// as Config, satisfies\n/* import type { A } from 'b' */\nexport default { ${INNER}, verbose: 'as Config' === 'x!' } satisfies Config // !`,
])('%s', async (text) => {
  const [blanked, stripped] = await bothWays(text);
  expect(stripped).toEqual({ status: 'literal', value: VALUE });
  expect(blanked).toEqual(stripped);
  expect(blankTypes(text)).toHaveLength(text.length);
});

it('what is in a string or a comment stays; JavaScript stays as it is', () => {
  const text = `const a = "x as Config"; // satisfies Config\nexport default { out: \`as \${a} !\` };\n`;
  expect(blankTypes(text)).toBe(text);
  expect(blankTypes(`${text}\nconst b = a as string;`)).toBe(`${text}\nconst b = a          ;`);
});

it.each([
  ['other types', `type A = { b: string };\nexport default { ${INNER} };`],
  ['an enum', `enum A { B }\nexport default { ${INNER} };`],
  ['a syntax error', `export default {{ ${INNER} };`],
])('%s are not guessed at: only running it would tell', async (_what, text) => {
  expect((await bothWays(text))[0]).toEqual({
    status: 'computed',
    why: expect.stringMatching(/^it is TypeScript that only esbuild reads \(.+\)$/),
  });
});

it('JavaScript and JSON that do not parse are broken, whoever reads them', async () => {
  for (const [name, text] of [
    ['drizzle.config.js', 'export default {{'],
    ['drizzle.config.json', '{'],
  ] as const) {
    expect(await readLiterals(text, name, undefined, 'blanked')).toMatchObject({
      status: 'broken',
    });
  }
});

it('a text that never comes to an end of its stops is given up', () => {
  const text = `export default ${'a as b ! as c '.repeat(500)};`;
  expect(blankTypes(text)).toHaveLength(text.length);
});
