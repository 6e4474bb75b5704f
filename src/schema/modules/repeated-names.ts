/** How esbuild begins the helper for `export *`, which leaves out a name that is there already. */
const HELPER = 'var __reExport=(target,mod,secondTarget)=>(';

/**
 * Text that esbuild made of a module, in which a name that two `export *` hand on, and that is not
 * the same in both, throws as in drizzle-kit 1.x: Babel defines it a second time there.
 */
export function refusingRepeats(text: string): string {
  return text.replace(HELPER, () => `${STARS}${HELPER}__stars(target,mod),`);
}

const STARS =
  'var __starred=new Map,__stars=(target,mod)=>{for(const key of Object.keys(mod)){' +
  'if(key==="default")continue;const from=__starred.get(key);' +
  'if(from===void 0){if(!(key in target))__starred.set(key,mod)}' +
  'else if(from[key]!==mod[key])throw new TypeError(`Cannot redefine property: ${key}`)}};';
