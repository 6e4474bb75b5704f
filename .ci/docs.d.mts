export function parts(): Promise<Readonly<Record<string, string>>>;
export function withParts(page: string, made: Readonly<Record<string, string>>): string;
export function pages(): Promise<readonly string[]>;
