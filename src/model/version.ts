/** Put in by the build from package.json; a run from source says so. */
export const version: string = import.meta.env?.VERSION ?? '0.0.0-source';

declare global {
  interface ImportMeta {
    readonly env?: { readonly VERSION?: string };
  }
}
