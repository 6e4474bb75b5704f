/** How esbuild begins the helper for `export *`, which leaves out a name that is there already. */
const STAR = 'var __reExport=(target,mod,secondTarget)=>(';
/** Its helper for what a module exports. */
const EXPORT =
  'var __export=(target,all)=>{for(var name in all)' +
  '__defProp(target,name,{get:all[name],enumerable:true})};';

/**
 * Text that esbuild made of a module, as Babel makes it in drizzle-kit 1.x: a name that two
 * `export *` hand on, and that is not the same in both, throws, since it is defined a second time;
 * an export that is read before it is made, in a cycle of imports, is undefined and does not throw.
 */
export function asBabel(text: string): string {
  return text
    .replace(STAR, () => `${STARS}${STAR}__stars(target,mod),`)
    .replace(EXPORT, () => EARLY);
}

const STARS =
  'var __starred=new Map,__stars=(target,mod)=>{for(const key of Object.keys(mod)){' +
  'if(key==="default")continue;const from=__starred.get(key);' +
  'if(from===void 0){if(!(key in target))__starred.set(key,mod)}' +
  'else if(from[key]!==mod[key])throw new TypeError(`Cannot redefine property: ${key}`)}};';

const EARLY =
  'var __export=(target,all)=>{for(const name in all)__defProp(target,name,{get(){' +
  'try{return all[name]()}catch(error){if(error instanceof ReferenceError)return;throw error}' +
  '},enumerable:true})};';
