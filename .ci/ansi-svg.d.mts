export function ansiSvg(
  text: string,
  look: { readonly columns: number; readonly title: string },
): string;
