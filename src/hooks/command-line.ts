import { shellWord } from '../model/shell-quote.ts';
import { inFolder } from '../project/scripts/command-line.ts';
import type { Command } from './hook-manager.ts';

/** As a person would type it. */
export function commandLine({ program, args, folder }: Command): string {
  return inFolder(folder ?? '', [program, ...args].map(shellWord).join(' '));
}
