export function picture(cli: string): string;
