/** A module as `imports` lists it: a class, or what a `forRoot()` gave. */
interface ModuleEntry {
  readonly module?: object;
  readonly imports?: readonly unknown[];
  readonly providers?: readonly unknown[];
  readonly controllers?: readonly unknown[];
}

/** A module with what it brings, read from metadata: nothing is constructed. */
export interface DeclaredModule {
  /** The class. */
  readonly module: object;
  readonly imports: readonly unknown[];
  readonly providers: readonly unknown[];
  readonly controllers: readonly unknown[];
}

/** The class of an entry of `imports`; undefined when it is none. */
export function moduleClassOf(entry: unknown): object | undefined {
  if (!entry || (typeof entry !== 'object' && typeof entry !== 'function')) return undefined;
  const { module }: ModuleEntry = entry;
  return module ?? entry;
}

/**
 * `modules` and all that they import, each entry once, what is imported before what imports it.
 * @param enters says which entries of `imports` are looked into
 */
export function modulesIn(
  modules: readonly object[],
  enters: (module: object) => boolean = () => true,
): DeclaredModule[] {
  const seen = new Set<unknown>();
  const found: DeclaredModule[] = [];
  const visit = (entry: unknown): void => {
    const module = moduleClassOf(entry);
    if (!module || seen.has(entry) || !enters(module)) return;
    seen.add(entry);
    const declared = declaredModule(module, entry as ModuleEntry);
    declared.imports.forEach(visit);
    found.push(declared);
  };
  modules.forEach(visit);
  return found;
}

/** The metadata of the class, after what a `forRoot()` added. */
function declaredModule(module: object, entry: ModuleEntry): DeclaredModule {
  const brought = (key: 'imports' | 'providers' | 'controllers'): readonly unknown[] => [
    ...(entry.module ? (entry[key] ?? []) : []),
    // `@Module` writes lists, under the same words.
    ...((Reflect.getMetadata(key, module) ?? []) as unknown[]),
  ];
  return { module, imports: brought('imports'), providers: brought('providers'), controllers: brought('controllers') };
}
