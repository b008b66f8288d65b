/** Of `/app/dist/libs/garden/src/garden.service.js` what stands in the repository. */
const OURS = /(?:^|[\\/])(?<path>(?:apps|libs)[\\/].*)\.[jt]s$/;

/**
 * The source file that exports a class, from the root of the repository; undefined where no module of ours does.
 * @param loaded Node's modules
 */
export function sourceFileOf(
  type: unknown,
  loaded: Readonly<Record<string, NodeJS.Module | undefined>> = require.cache,
): string | undefined {
  for (const module of Object.values(loaded)) {
    if (!module || !holds(module.exports, type)) continue;
    const path = module.filename.includes('node_modules') ? undefined : OURS.exec(module.filename)?.groups?.path;
    if (path !== undefined) return `${path.replaceAll('\\', '/')}.ts`;
  }
  return undefined;
}

function holds(exported: unknown, type: unknown): boolean {
  if (typeof exported !== 'object' || exported === null) return exported === type;
  // What a file hands on from others stands behind getters.
  return Object.values(Object.getOwnPropertyDescriptors(exported)).some(({ value }) => value === type);
}
