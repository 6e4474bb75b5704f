export function isDistCurrent(): Promise<boolean>;
