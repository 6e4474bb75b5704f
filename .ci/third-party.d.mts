export interface ThirdPartyPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}
export function thirdParty(
  root: string,
  inputs: readonly string[],
): Promise<readonly ThirdPartyPackage[]>;
export function notices(packages: readonly ThirdPartyPackage[]): string;
