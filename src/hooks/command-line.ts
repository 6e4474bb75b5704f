import { shellWord } from '../model/shell-quote.ts';
import type { Command } from './hook-manager.ts';

/** As a person would type it at the top of the repository. */
export function commandLine({ program, args, folder }: Command): string {
  const line = [program, ...args].map(shellWord).join(' ');
  return folder === undefined || folder === '' ? line : `cd ${shellWord(folder)} && ${line}`;
}
