export type AllowedOrigins = {
  /** Exact origins whose pages may connect. */
  readonly listed: readonly string[]
  /** Pages of localhost and 127.0.0.1 as well, on any port. */
  readonly local: boolean
}

const LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/** Whether a page of this origin may connect. Only browsers send one; whatever else connects has none and is admitted. */
export function isAllowedOrigin(origin: string | undefined, { listed, local }: AllowedOrigins): boolean {
  return origin === undefined || listed.includes(origin) || (local && LOCAL.test(origin))
}
