/** What the tests use of it: the package has no types of its own. */
declare module 'semver' {
  export function satisfies(version: string, range: string): boolean
  /** Null for a range that admits no version. */
  export function minVersion(range: string): { readonly version: string } | null
}
