/** The values of MySQL's `enum('a','b')`; undefined for another type. */
export function enumValues(type: string | undefined): readonly string[] | undefined {
  const [, list] = /^enum\((.*)\)$/is.exec(type ?? '') ?? [];
  if (list === undefined) return undefined;
  return [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, value = '']) =>
    value.replaceAll("''", "'"),
  );
}

/** As a literal of SQL. */
export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
