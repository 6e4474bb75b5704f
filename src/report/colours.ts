import colors from 'picocolors';

export type Colours = ReturnType<typeof colors.createColors>;

/** For files, which get no escape sequences. */
export const NO_COLOURS: Colours = colors.createColors(false);

/** Colours only on a terminal; `NO_COLOR` and `FORCE_COLOR` override that. */
export function coloursFor(
  out: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Colours {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return NO_COLOURS;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return colors.createColors(forced !== '0');
  return colors.createColors(out.isTTY === true && env['TERM'] !== 'dumb');
}
