export function rulesTable(): Promise<string>;
export function withTable(readme: string, table: string): string;
