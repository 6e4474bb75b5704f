import { generatedStatements, generatedText } from './exceptions-in-sql.ts';
import type { Project } from '../../project/project.ts';
import { splitStatements, type Statement } from '../../sql/statements.ts';
import { flavourOf, type Flavour } from '../../sql/tokens/flavour.ts';
import { lex } from '../../sql/tokens/lexer.ts';
import { foldedTexts } from '../../sql/tokens/token.ts';

type Writes = Pick<Project, 'dialect' | 'breakpoints'>;

/**
 * SQL that drizzle-kit 0.31 wrote, in the words of 1.x: each statement that says what 1.x generates
 * becomes that. One that says anything else, and so what somebody edited, stays as it is.
 * @param generated what 1.x generates for the same migration
 */
export function inNewWords(sql: string, generated: readonly string[], writes: Writes): string {
  const { dialect } = writes;
  const file = splitStatements(sql, dialect);
  const now = generatedStatements(generated, writes);
  const left = now.map((statement) => ({ statement, says: meaningOf(statement, writes) }));
  const pairs = file.map((statement) => {
    const at = left.findIndex(({ says }) => says === meaningOf(statement, writes));
    return { statement, now: at === -1 ? undefined : left.splice(at, 1)[0]!.statement };
  });
  const isAll = left.length === 0 && pairs.every((one) => one.now ?? isWithDrop(one, file, writes));
  // 1.x has another order of statements.
  if (isAll && now.length > 0 && !hasComments(sql, writes)) return generatedText(generated, writes);
  const lineEnd = sql.includes('\r\n') ? '\r\n' : '\n';
  return pairs.reduceRight((text, { statement: { tokens, key }, now: said }) => {
    if (said === undefined || said.key === key) return text;
    const [start, end] = [tokens[0]!.start, tokens.at(-1)!.end];
    const source = said.source.replaceAll('\n', lineEnd);
    return `${text.slice(0, start)}${source}${text.slice(end)}`;
  }, sql);
}

/** On PostgreSQL 0.31 disables row level security of a table that it drops. */
function isWithDrop(
  { statement }: { readonly statement: Statement },
  file: readonly Statement[],
  writes: Writes,
): boolean {
  const [, table] =
    /^alter table (.+) disable row level security$/.exec(meaningOf(statement, writes)) ?? [];
  return (
    table !== undefined && file.some((one) => meaningOf(one, writes) === `drop table ${table}`)
  );
}

function hasComments(sql: string, { dialect }: Writes): boolean {
  let at = 0;
  const gaps = lex(sql, dialect).map(({ start, end }) => {
    const gap = sql.slice(at, start);
    at = end;
    return gap;
  });
  return [...gaps, sql.slice(at)].some((gap) => gap.trim() !== '');
}

/**
 * What the two say in other words: a part of a statement in the one, and what is compared instead of
 * it. Each stands for statements that both were seen to write for the same change.
 */
const WORDS: Readonly<Record<Flavour, readonly (readonly [RegExp, string])[]>> = {
  postgresql: [
    [/"public" \. /g, ''],
    [/ on (?:delete|update) no action/g, ''],
    [/ using btree(?= \()/g, ''],
    [/^(alter table .+ add) constraint \S+ primary key/, '$1 primary key'],
    [/^(drop (?:table|policy) .+) cascade$/, '$1'],
    [/ set data type (.+) using \S+ :: \1$/, ' set data type $1'],
    // "inet" is a type of the user to 0.31.
    [/((?:[(,]| add column) "\S+") "([a-z]\w*)"(?= |$)/g, '$1 $2'],
    [/( default '\S*') :: (?:"\S+" \. )?\S+(?: \( [\d, ]+ \))?(?: \[ \])*/g, '$1'],
  ],
  mysql: [
    [/ on (?:delete|update) no action/g, ''],
    [/ constraint(?: `\S+)? primary key/g, ' primary key'],
    [/ unique index \(/g, ' unique ('],
    [/^alter table (\S+) add constraint (\S+) unique (\(.+\))$/, 'create unique index $2 on $1 $3'],
    [/^alter table (\S+) drop index (\S+)$/, 'drop index $2 on $1'],
  ],
  sqlite: [
    [/ on (?:delete|update) no action/g, ''],
    [/ constraint \S+ (?=(?:primary|foreign) key)/g, ' '],
    [/^drop index if exists /, 'drop index '],
  ],
};

/** Equal for a statement of 0.31 and one of 1.x that say the same. */
function meaningOf({ tokens }: Statement, { dialect }: Writes): string {
  const flavour = flavourOf(dialect);
  const folded = foldedTexts(tokens, flavour);
  const words = tokens.map(({ kind }, at) => {
    const text = folded[at]!;
    // A name and a literal are one word each, whatever is in them.
    if (kind === 'quoted-name' && flavour === 'sqlite') return `"${oneWord(text.slice(1, -1))}"`;
    return oneWord(text);
  });
  const text = WORDS[flavour].reduce((said, [part, as]) => said.replace(part, as), words.join(' '));
  const added = /^(alter table .+ (?:add|add column|modify column)) (["`].+)$/.exec(text);
  if (added !== null) return `${added[1]!} ${definition(added[2]!, '').join(' , ')}`;
  const made = /^(create table (?:\S+ \. )?(\S+)) \( (.+) \)$/.exec(text);
  if (made === null) return text;
  const [, head = '', table = '', body = ''] = made;
  const parts = partsOf(body).flatMap((part) =>
    /^["`]/.test(part) ? definition(part, table) : [part],
  );
  const key = parts.find((part) => /(?:^| )primary key \( /.test(part));
  const keys = key?.replace(/^.*\( (.+) \)$/, '$1').split(' , ') ?? [];
  // A column of the key is NOT NULL, said or not: on SQLite of a key of one column.
  const isImplied = flavour !== 'sqlite' || keys.length === 1;
  const columns = parts.filter((part) => /^["`]/.test(part));
  const said = columns.map((part) =>
    isImplied && keys.includes(part.split(' ')[0] ?? '') ? part.replace(/ not null$/, '') : part,
  );
  const rest = parts.filter((part) => !/^["`]/.test(part)).sort();
  return `${head} ( ${[...said, ...rest].join(' , ')} )`;
}

/** A column with NOT NULL at its end, where it says something, and its constraints behind it. */
function definition(column: string, table: string): readonly string[] {
  const [name = ''] = column.split(' ');
  const constraints: string[] = [];
  const bare = column
    .replace(/^(\S+ serial) auto_increment/, '$1')
    .replace(/ primary key/, () => {
      constraints.push(`primary key ( ${name} )`);
      return '';
    })
    .replace(
      /(?: constraint (\S+))? unique( nulls not distinct)?(?= |$)/,
      (_, given?: string, nulls = '') => {
        const named = given ?? `"${table.slice(1, -1)}_${name.slice(1, -1)}_unique"`;
        constraints.push(`constraint ${named} unique${nulls} ( ${name} )`);
        return '';
      },
    );
  const plain = bare.replace(/ not null(?= |$)/, '');
  const isSaid = /^\S+ (?:small|big)?serial$| as identity /.test(plain) || plain === bare;
  return [isSaid ? plain : `${plain} not null`, ...constraints];
}

/** The parts of a table, between the commas outside of parentheses. */
function partsOf(body: string): readonly string[] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const word of body.split(' ')) {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    if (word === ',' && depth === 0) parts.push([]);
    else parts.at(-1)!.push(word);
  }
  return parts.map((part) => part.join(' '));
}

function oneWord(text: string): string {
  return text.replaceAll(/\s/g, '\0');
}
