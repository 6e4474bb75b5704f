/** Put in by the build from package.json; a run from source says so. */
export const version: string = import.meta.env?.VERSION ?? '0.0.0-source';

/** A digest of the sources that the guard was built of; undefined in a run from source. */
export const sources: string | undefined = import.meta.env?.BUILD;

declare global {
  interface ImportMeta {
    readonly env?: { readonly VERSION?: string; readonly BUILD?: string };
  }
}
