import colors from 'picocolors';

export type Paint = ReturnType<typeof colors.createColors>;

/** Colour only on a terminal; `NO_COLOR` and `FORCE_COLOR` decide where they are set. */
export function paint(
  out: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return colors.createColors(false);
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return colors.createColors(forced !== '0');
  return colors.createColors(out.isTTY === true && env['TERM'] !== 'dumb');
}

/** No colour at all: for files. */
export function plain(): Paint {
  return colors.createColors(false);
}
