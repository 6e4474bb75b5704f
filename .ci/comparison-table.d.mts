export function comparisonTable(): Promise<string>;
export function withComparison(readme: string, table: string): string;
