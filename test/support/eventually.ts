/** Waits until a condition holds, for what reports no event of its own; fails after `withinMs`, naming what it waited for. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  options: { withinMs?: number } = {},
): Promise<void> {
  const { withinMs = 10_000 } = options
  const end = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
