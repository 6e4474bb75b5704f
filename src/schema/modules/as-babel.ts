/** How esbuild begins the helper for `export *`, which leaves out a name that is there already. */
const STAR = 'var __reExport=(target,mod,secondTarget)=>(';
/** Its helper for what a module exports. */
const EXPORT =
  'var __export=(target,all)=>{for(var name in all)' +
  '__defProp(target,name,{get:all[name],enumerable:true})};';
/** How it begins the helpers for what is imported as a whole, and for the object that is exported. */
const IMPORT = 'var __toESM=(mod,isNodeMode,target)=>';
const EXPORTED = 'var __toCommonJS=mod=>__copyProps(__defProp({},"__esModule",{value:true}),mod);';

/** Marks the exports of what jiti compiles. */
export const OF_JITI = 'Symbol.for("drizzle-guard: compiled as jiti does")';

/**
 * Text that esbuild made of a module, as Babel and jiti make it in drizzle-kit 1.x: a name that two
 * `export *` hand on, and that is not the same in both, throws, since it is defined a second time;
 * an export that is read before it is made, in a cycle of imports, is undefined and does not throw;
 * and what is imported is seen through `interopDefault` of jiti 2.6.
 * @param isInstalled node itself loads what installed packages import
 */
export function asBabel(text: string, isInstalled: boolean): string {
  const made = text
    .replace(STAR, () => `${STARS}${STAR}__stars(target,mod),`)
    .replace(EXPORT, () => EARLY)
    .replace(IMPORT, () => `${IMPORT}${OF_OTHERS}`)
    .replace(EXPORTED, () => MARKED);
  if (isInstalled || !/\brequire\(/.test(made) || OWN_REQUIRE.test(made)) return made;
  return made.replace(/^(?:"use strict";)?/, (strict) => `${strict}${THROUGH_JITI}`);
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

const MARKED =
  'var __toCommonJS=mod=>__copyProps(__defProp(__defProp({},"__esModule",{value:true}),' +
  `${OF_JITI},{value:true}),mod);`;

/** The default of a CommonJS module is the module, unless it has a function as its own. */
const OF_OTHERS =
  `mod?.[${OF_JITI}]===true?mod:` +
  '(isNodeMode=isNodeMode||typeof mod?.default!="function",void 0)||';

/** A file that is no ES module may have a `require` of its own. */
const OWN_REQUIRE = /(?:const|let|class|function|var)\s+require\b/;

/**
 * Each import has what `default` is when the import ends, also where it is nothing yet, in a cycle:
 * then it is the module. A name that a module does not export is taken from its default.
 */
const THROUGH_JITI =
  'var require=(own=>Object.assign(id=>{const mod=own(id);' +
  'if(mod===null||typeof mod!="object"&&typeof mod!="function"||' +
  `mod[${OF_JITI}]!==true)return mod;` +
  'const made=mod.default,none=made==null,whole=typeof made=="object"||typeof made=="function";' +
  'if(made===null)throw new TypeError("Reflect.get called on non-object");' +
  'return new Proxy(mod,{get(target,name,self){' +
  'if(name==="__esModule")return true;' +
  'if(name==="default")return none?mod:typeof made.default=="function"&&mod.__esModule?made.default:made;' +
  'if(Reflect.has(target,name))return Reflect.get(target,name,self);' +
  'if(!whole||made instanceof Promise)return;const value=Reflect.get(made,name,self);' +
  'return typeof value=="function"?value.bind(made):value}})},own))(require);';
